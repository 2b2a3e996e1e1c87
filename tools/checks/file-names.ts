import { basename } from 'node:path';
import type { Check } from './check.ts';
import { sourceFiles } from './source-files.ts';

/** What a part has one of: `main` starts it, `app` builds it, `deps` is what it needs. */
const ROLES = new Set(['main.ts', 'app.ts', 'deps.ts', 'vite.config.ts']);

/** A file name has one meaning in the repository; tests have that of what they test. */
export const fileNames: Check = {
  name: 'file names',
  run: async () => {
    const files = sourceFiles(['.ts', '.svelte', '.mjs', '.mts']).filter((file) => !/\.test\.ts$/.test(file));
    return { problems: sharedNames(files), note: `${files.length} files` };
  },
};

/** Names that several files have, each with those files. */
export function sharedNames(files: readonly string[]): string[] {
  const byName = Map.groupBy(files, (file) => basename(file));
  return [...byName]
    .filter(([name, places]) => places.length > 1 && !ROLES.has(name))
    .map(([name, places]) => `${name} has several meanings: ${places.join(', ')}`);
}
