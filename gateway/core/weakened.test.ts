import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds } from './test-run.ts';
import type { ViewHub } from './view-hub.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Each undoes one rule of DESIGN 8 by a patch that must match exactly once; the property has to find it. */
const VARIANTS = [
  ['newer replaces older', 'hot-series.ts', '|| row.next > known.next', '|| true'],
  [
    'what is not committed is kept for views to come',
    'hot-series.ts',
    'if (next > committed(part)) return false;',
    '',
  ],
  [
    'an update for what is merged reads it again',
    'apply-updates.ts',
    'if (first <= last) wanted.askLate(of, view, { first, last });',
    '',
  ],
  [
    'it is read once the Store has it',
    'wanted-reads.ts',
    'if (isWanted(read) && !isMet(read.needs, committed)) continue;',
    '',
  ],
  [
    'merged panes are not merged once more',
    'window-values.ts',
    'Math.max(window.start, cut)',
    'window.start',
  ],
  [
    'a read that has ended windows replaces their values',
    'live-view.ts',
    'cell.values = aggregate.value(aggregate.decode(state), metric.aggregate, size);',
    'cell.values ??= aggregate.value(aggregate.decode(state), metric.aggregate, size);',
  ],
  [
    'an update marks its cell, newer or not',
    'apply-updates.ts',
    'for (const row of update.cells) of.hot.put(row);',
    'update = { ...update, cells: update.cells.filter((row) => of.hot.put(row).newer) };',
  ],
  ['the join reads once more', 'apply-updates.ts', 'for (const of of metrics.all()) reread(held, of);', '{}'],
  ['the second read waits for the noted ends', 'join.ts', 'if (at < end)', 'if (at < 0)'],
  ['what is served before the join is not resumed from', 'view-hub.ts', '}~`', '}`'],
  [
    'a view gives out nothing while it reads',
    'metric-views.ts',
    'if (read.to > view.start) return true;',
    '',
  ],
  ['a window that enters the range counts as changed', 'live-view.ts', 'window.entered = mark;', ''],
  [
    'a frame says when membership changed',
    'view-cells.ts',
    '--series.shown === 0) this.membersMark = mark;',
    '--series.shown === 0) this.#numbers += 0;',
  ],
] as const;

describe('the property finds a hub without the rule', () => {
  it.each(VARIANTS)('%s', async (_, file, from, to) => {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-hub-'));
    try {
      const Hub = await loadWeakened(folder, file, from, to);
      expect(fc.check(holds(Hub), { numRuns: 20_000, seed: 1, endOnFailure: true }).failed).toBe(true);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

async function loadWeakened(folder: string, file: string, from: string, to: string): Promise<typeof ViewHub> {
  const filter = (path: string) => !path.endsWith('.test.ts');
  for (const part of ['contracts', 'aggregates', 'gateway/core']) {
    await cp(join(ROOT, part), join(folder, part), { recursive: true, filter });
  }
  const imports = { '#contracts/*': './contracts/*', '#aggregates/*': './aggregates/*' };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', imports }));
  const path = join(folder, 'gateway/core', file);
  const text = await readFile(path, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`${file} does not hold its text exactly once: ${from}`);
  await writeFile(
    path,
    text.replace(from, () => to),
  );
  const entry = pathToFileURL(join(folder, 'gateway/core/view-hub.ts')).href;
  const loaded = (await import(/* @vite-ignore */ entry)) as { ViewHub: typeof ViewHub };
  return loaded.ViewHub;
}
