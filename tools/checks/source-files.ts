import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');
const SKIPPED = new Set(['node_modules', '.venv', 'dist', '.git', '.data', 'test-results', 'coverage']);

/** Files of the project that people write, as paths from its root, sorted. */
export function sourceFiles(endings: readonly string[], folder = ROOT): string[] {
  const files: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (SKIPPED.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...sourceFiles(endings, path));
    else if (endings.some((ending) => entry.name.endsWith(ending))) files.push(relative(ROOT, path));
  }
  return files.sort();
}
