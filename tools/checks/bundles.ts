import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Check } from './check.ts';
import { ROOT } from './source-files.ts';

const DIST = join(ROOT, 'dist', 'dashboard');
const MANIFEST = join(DIST, '.vite', 'manifest.json');
const KB = 1_000;
const BUDGETS = { shell: 120 * KB, board: 200 * KB };

interface Chunk {
  file: string;
  isEntry?: boolean;
  imports?: string[];
  dynamicImports?: string[];
}

/** Gzipped JavaScript: what the page loads at once (shell), and that with everything it loads later (shell + board). */
export const bundles: Check = {
  name: 'bundles',
  run: async () => {
    if (!existsSync(MANIFEST))
      return { problems: ['the dashboard is not built; `npm test` and `npm start` build it'] };
    const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8')) as Record<string, Chunk>;
    const entries = Object.keys(manifest).filter((key) => manifest[key]!.isEntry);
    const shell = weigh(manifest, reach(manifest, entries, false));
    const board = weigh(manifest, reach(manifest, entries, true));
    const problems = [];
    if (entries.length === 0) problems.push('the built dashboard has no entry');
    if (shell > BUDGETS.shell) problems.push(`shell: ${shell} B gzipped; at most ${BUDGETS.shell}`);
    if (board > BUDGETS.board) problems.push(`shell and board: ${board} B gzipped; at most ${BUDGETS.board}`);
    return { problems, note: `shell ${Math.round(shell / KB)} KB, with board ${Math.round(board / KB)} KB` };
  },
};

function reach(manifest: Record<string, Chunk>, from: readonly string[], later: boolean): Set<string> {
  const seen = new Set<string>();
  const waiting = [...from];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    const chunk = manifest[key];
    if (chunk === undefined || seen.has(key)) continue;
    seen.add(key);
    waiting.push(...(chunk.imports ?? []), ...(later ? (chunk.dynamicImports ?? []) : []));
  }
  return seen;
}

function weigh(manifest: Record<string, Chunk>, keys: ReadonlySet<string>): number {
  const files = new Set([...keys].map((key) => manifest[key]!.file).filter((file) => file.endsWith('.js')));
  return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(DIST, file))).length, 0);
}
