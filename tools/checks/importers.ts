import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, sourceFiles } from './source-files.ts';

const ENDINGS = ['.ts', '.mjs', '.cjs', '.svelte', '.css'];
/** Import and require, a tool that a check runs, a file that a style names. */
const NAMED = /(?:from|import|require|runTool|url)[\s(]*['"]((?:@[\w.-]+\/)?[\w][\w.-]*)(?:\/[^'"]*)?['"]/g;
const MOST = 3;

/** Folders whose files use a package: package → folders, or their top ones where there are many; files of the root itself. */
export function importers(): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  for (const file of sourceFiles(ENDINGS)) {
    for (const [, name] of readFileSync(join(ROOT, file), 'utf8').matchAll(NAMED))
      found.set(name!, (found.get(name!) ?? new Set()).add(file.includes('/') ? dirname(file) : file));
  }
  return new Map([...found].map(([name, folders]) => [name, shorten([...folders])]));
}

function shorten(folders: string[]): string[] {
  const all = folders.length > MOST ? folders.map((folder) => folder.split('/')[0]!) : folders;
  return [...new Set(all)].sort();
}
