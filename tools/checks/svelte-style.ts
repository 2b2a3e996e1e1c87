import type { Check } from './check.ts';
import { runTool } from './run-tool.ts';

/** Biome formats everything else. */
export const svelteStyle: Check = {
  name: 'svelte style',
  run: () => runTool('prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '**/*.svelte']),
};
