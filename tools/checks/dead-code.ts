import type { Check } from './check.ts';
import { runTool } from './run-tool.ts';

export const deadCode: Check = {
  name: 'dead code',
  run: () => runTool('knip/bin/knip.js', ['--no-progress', '--no-config-hints']),
};
