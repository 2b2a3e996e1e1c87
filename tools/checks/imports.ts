import type { Check } from './check.ts';
import { runTool } from './run-tool.ts';

const FOLDERS =
  'contracts aggregates platform ingest aggregator gateway client dashboard embedded infra tests bench tools'.split(
    ' ',
  );

/** The import rules of docs/ARCHITECTURE.md, written down in .dependency-cruiser.cjs. */
export const imports: Check = {
  name: 'imports',
  run: () =>
    runTool('dependency-cruiser/bin/dependency-cruise.mjs', [
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'err',
      ...FOLDERS,
    ]),
};
