import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Check } from './check.ts';
import { ROOT } from './source-files.ts';

const DIST = join(ROOT, 'dist', 'dashboard');
const MANIFEST = join(DIST, '.vite', 'manifest.json');
const KB = 1_000;
const BUDGETS = { shell: 120 * KB, firstPage: 200 * KB };

/** A part of the built page, as Vite's manifest describes it. */
export interface Chunk {
  file: string;
  isEntry?: boolean;
  imports?: string[];
  dynamicImports?: string[];
}

/**
 * Gzipped JavaScript: what the page loads at once (shell), and what any first page takes: the shell, what index.html fetches
 * beside it, and one of the parts that are loaded later, each with what it imports.
 */
export const bundles: Check = {
  name: 'bundles',
  run: async () => {
    if (!existsSync(MANIFEST))
      return { problems: ['the dashboard is not built; `npm test` and `npm start` build it'] };
    const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8')) as Record<string, Chunk>;
    const html = readFileSync(join(DIST, 'index.html'), 'utf8');
    return judgeBundles(manifest, html, (file) => gzipSync(readFileSync(join(DIST, file))).length);
  },
};

/** Judges a manifest, the page that loads it, and the sizes of its files in bytes. */
export function judgeBundles(
  manifest: Readonly<Record<string, Chunk>>,
  html: string,
  sizeOf: (file: string) => number,
): { problems: string[]; note: string } {
  const keys = Object.keys(manifest);
  const entries = keys.filter((key) => manifest[key]!.isEntry);
  const shell = reach(manifest, entries);
  const preloaded = keys.filter((key) => html.includes(manifest[key]!.file));
  const later = new Set(keys.flatMap((key) => manifest[key]!.dynamicImports ?? []));
  const weigh = (parts: Iterable<string>): number => {
    const files = new Set(
      [...parts].map((key) => manifest[key]!.file).filter((file) => file.endsWith('.js')),
    );
    return [...files].reduce((sum, file) => sum + sizeOf(file), 0);
  };
  const first = [...later].map((key) => ({
    key,
    size: weigh(new Set([...shell, ...reach(manifest, [...preloaded, key])])),
  }));
  const worst = first.sort((a, b) => b.size - a.size)[0];
  const problems = [];
  if (entries.length === 0) problems.push('the built dashboard has no entry');
  if (later.size === 0) problems.push('nothing of the built dashboard is loaded on demand');
  if (weigh(shell) > BUDGETS.shell)
    problems.push(`shell: ${weigh(shell)} B gzipped; at most ${BUDGETS.shell}`);
  for (const { key, size } of first)
    if (size > BUDGETS.firstPage)
      problems.push(`first page with ${key}: ${size} B gzipped; at most ${BUDGETS.firstPage}`);
  const kilobytes = (size: number): string => `${Math.round(size / KB)} KB`;
  return {
    problems,
    note: `shell ${kilobytes(weigh(shell))}, largest first page ${kilobytes(worst?.size ?? 0)}`,
  };
}

/** Returns the parts that are loaded with others: all that they import, and nothing that they load later. */
function reach(manifest: Readonly<Record<string, Chunk>>, from: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const waiting = [...from];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    const chunk = manifest[key];
    if (chunk === undefined || seen.has(key)) continue;
    seen.add(key);
    waiting.push(...(chunk.imports ?? []));
  }
  return seen;
}
