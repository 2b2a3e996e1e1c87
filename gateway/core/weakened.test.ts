import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds, holdsWhileComputing } from './testing/hub-run.ts';
import type { ViewHub } from './view-hub.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Each undoes one rule of the hub by a patch that must match exactly once; the property has to find it. */
const VARIANTS = [
  ['newer replaces older', 'hot/hot-series.ts', '|| row.next > known.next', '|| true'],
  [
    'what is not committed is kept for views to come',
    'hot/hot-series.ts',
    'if (next > committed(part)) return false;',
    '',
  ],
  [
    'an update for what is merged reads it again',
    'apply-updates.ts',
    'if (first <= last) wanted.requestLate(entry, view, { first, last });',
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
    'view/window-values.ts',
    'Math.max(window.start, cut())',
    'window.start',
  ],
  [
    'a read that has ended windows replaces their values',
    'view/live-view.ts',
    'cell.values = aggregate.value(aggregate.decode(state), metric.aggregate, size);',
    'cell.values ??= aggregate.value(aggregate.decode(state), metric.aggregate, size);',
  ],
  [
    'an update marks its cell, newer or not',
    'apply-updates.ts',
    'for (const row of update.cells) entry.hot.put(row);',
    'update = { ...update, cells: update.cells.filter((row) => entry.hot.put(row).newer) };',
  ],
  [
    'the join reads once more',
    'apply-updates.ts',
    'for (const entry of metrics.all()) reread(state, entry);',
    '{}',
  ],
  ['the second read waits for the noted ends', 'join.ts', 'if (at < end)', 'if (at < 0)'],
  ['what is served before the join is not resumed from', 'view-hub.ts', '}~`', '}`'],
  [
    'a view gives out nothing while it reads',
    'metric-views.ts',
    'if (read.to > view.start) return true;',
    '',
  ],
  ['a window that enters the range counts as changed', 'view/live-view.ts', 'window.entered = mark;', ''],
  [
    'a frame says when membership changed',
    'view/view-cells.ts',
    '--series.shown === 0) this.membersMark = mark;',
    '--series.shown === 0) this.#numbers += 0;',
  ],
] as const;

/** The same for what is computed in steps. */
const COMPUTING = [
  [
    'what a read brings replaces what is being computed',
    'view/live-view.ts',
    'this.#computing.delete(cell);\n      const isSame',
    'const isSame',
  ],
  [
    'the merge of a block ends with a change in it',
    'hot/hot-series.ts',
    'this.merged.changed(row.pane, cell);',
    '',
  ],
  [
    'a block is merged into those that have some of it pane by pane',
    'view/window-values.ts',
    'if (within.size === 0) return looked;',
    'return looked;',
  ],
  [
    'a merge that is kept ends with a change below it',
    'view/live-view.ts',
    'if (cell.warm !== null && pane < cell.warm.upTo) this.#cells.setWarm(cell, null);',
    '',
  ],
  [
    'a merge that is kept counts above the cut only',
    'view/window-values.ts',
    '&& cell.warm.upTo > lowest',
    '',
  ],
  [
    'what changed while it was computed is left for the next time',
    'view/window-values.ts',
    'if (computing.get(cell) !== fill) continue;\n    computing.delete(cell);',
    'computing.delete(cell);',
  ],
  [
    'a cut that moves while it is computed is seen',
    'view/live-view.ts',
    'cut: () => this.cut }',
    'cut: ((cut) => () => cut)(this.cut) }',
  ],
] as const;

describe('the property finds a hub without the rule', () => {
  it.each([
    ...VARIANTS.map((variant) => [...variant, holds] as const),
    ...COMPUTING.map((variant) => [...variant, holdsWhileComputing] as const),
  ])('%s', async (_, file, from, to, property) => {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-hub-'));
    try {
      const Hub = await loadWeakened(folder, file, from, to);
      expect(
        fc.check<[unknown]>(property(Hub) as fc.IProperty<[unknown]>, {
          numRuns: 20_000,
          seed: 1,
          endOnFailure: true,
        }).failed,
      ).toBe(true);
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
