import type { Check } from './check.ts';
import { runTool } from './run-tool.ts';

export const svelteTypes: Check = {
  name: 'svelte types',
  run: () =>
    runTool('svelte-check/bin/svelte-check', [
      '--workspace',
      'dashboard',
      '--tsconfig',
      './tsconfig.json',
      '--fail-on-warnings',
      '--output',
      'human',
    ]),
};
