import type { Check } from './check.ts';
import { runTool } from './run-tool.ts';

export const types: Check = {
  name: 'types',
  run: () => runTool('typescript/bin/tsc', ['-p', '.']),
};
