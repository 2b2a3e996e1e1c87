import type { Check } from './check.ts';
import { runTool } from './run-tool.ts';

export const style: Check = {
  name: 'style',
  run: () =>
    runTool('@biomejs/biome/bin/biome', [
      'ci',
      '--colors=off',
      '--error-on-warnings',
      '--max-diagnostics=50',
      '.',
    ]),
};
