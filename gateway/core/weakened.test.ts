import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMPARED_VIEWS, holds, holdsWhileComputing, TOP_VIEWS, WINDOW_VIEWS } from './testing/hub-run.ts';
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
    'if (late !== null) wanted.requestLate(entry, view, late);',
    '',
  ],
  ['it is read once the Store has it', 'wanted-reads.ts', 'isMet(read.needs, committed) && !busy', '!busy'],
  [
    'merged panes are not merged once more',
    'view/window-values.ts',
    'Math.max(window.start, cut())',
    'window.start',
  ],
  [
    'a read that has ended windows replaces their values',
    'view/range-contents.ts',
    'if (!final.set(place, values, names) && !filled) return;',
    'if (final.valueAt(place, 0) !== null) return;\n      final.set(place, values, names);',
  ],
  [
    'an update marks its cell, newer or not',
    'apply-updates.ts',
    'for (const row of update.cells) entry.hot.put(row);',
    'update = { ...update, cells: update.cells.filter((row) => entry.hot.put(row).newer) };',
  ],
  ['a window says whether events are hidden in it', 'view/touched.ts', 'projection.hides(group)', 'false'],
  [
    'what lost a dimension that a view does not name hides nothing',
    'view/touched.ts',
    'projection.hides(group)',
    "group.includes('__other__')",
  ],
  [
    'the join reads once more',
    'apply-updates.ts',
    'for (const entry of metrics.all()) reread(state, entry, mark);',
    '{}',
  ],
  ['the second read waits for the noted ends', 'join.ts', 'if (at < end)', 'if (at < 0)'],
  ['what is served before the join is not resumed from', 'view-hub.ts', '}~`', '}`'],
  [
    'a view gives out nothing while it reads',
    'metric-views.ts',
    'if (concerns(read, view)) return true;',
    '',
  ],
  [
    'a window that enters the range counts as changed',
    'view/range-contents.ts',
    'window.entered = mark;',
    '',
  ],
  [
    'a frame says when membership changed',
    'view/view-cells.ts',
    '--series.shown === 0) this.#noteMembers(mark);',
    '--series.shown === 0) this.#numbers += 0;',
  ],
] as const;

/** The same for windows that overlap, follow a calendar or stand still. */
const WINDOWS = [
  [
    'a window that overlaps others begins with what the Store has of it',
    'apply-updates.ts',
    'wanted.requestWindows(entry, view, { first: entered[0]!, last: entered.at(-1)! });',
    '',
  ],
  [
    'and with the panes that are still states',
    'apply-updates.ts',
    'view.contents.touchIn(start, cell, mark);',
    '',
  ],
  [
    'a pane is merged into every window that holds it',
    'view/merge-below.ts',
    'range.windowsHolding(pane).map(',
    'range.windowsHolding(pane).slice(-1).map(',
  ],
  [
    'a period that is over is followed by another',
    '../../contracts/view/timeline.ts',
    'limit !== other || ',
    '',
  ],
  [
    'a late event changes all windows that hold it',
    'wanted-reads.ts',
    'last: Math.max(...starts) });',
    'last: Math.min(...starts) });',
  ],
] as const;

/** The same for the range that a view is compared with. */
const COMPARED = [
  [
    'the last window shows as much as has passed',
    'view/earlier-range.ts',
    'if (elapsed >= endOf(now.windows, now.last) - now.last) return',
    'return',
  ],
  [
    'a window that is no longer the last shows all of it',
    'view/earlier-range.ts',
    'if (hasMoved && closed < next.last)',
    'if (isOther && closed < next.last)',
  ],
  [
    'panes that were read ahead are shown when the clip has passed them',
    'view/earlier-range.ts',
    'for (const row of rows) this.#merge(row, mark);',
    '',
  ],
  [
    'what comes next is read before it is shown',
    'view/earlier-range.ts',
    'else if (this.clip > this.aheadTo) reads.push(this.#nextRead());',
    '',
  ],
  [
    'a late event in it reads it again',
    'apply-updates.ts',
    'if (changed !== null) wanted.requestEarlier(',
    'if (changed === undefined) wanted.requestEarlier(',
  ],
  [
    'a new read of the last window takes the place of the old one',
    'wanted-reads.ts',
    'if (isOpen) view.reads.delete(view.openRead ?? -1);',
    '',
  ],
] as const;

/** The same for the groups with the highest values. */
const TOP = [
  ['groups are ranked again as time passes', 'apply-updates.ts', '  wanted.requestRanking(view);', ''],
  [
    'other groups are read when the ranking changes',
    'apply-updates.ts',
    'emptyView(state, view, mark);\n  state.wanted.cover(',
    'state.wanted.cover(',
  ],
  [
    'what is not among the highest is one of the others',
    'view/view-series.ts',
    'projected : othersGroup(view);',
    'projected : projected;',
  ],
] as const;

/** The same for what is computed in steps. */
const COMPUTING = [
  [
    'a change ends what is being computed of the cell',
    'view/range-contents.ts',
    'cell.values = null;\n    this.#computing.delete(cell);',
    'cell.values = null;',
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
    'view/range-contents.ts',
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
    'view/range-contents.ts',
    'cut: () => this.cut }',
    'cut: ((cut) => () => cut)(this.cut) }',
  ],
] as const;

describe('the property finds a hub without the rule', () => {
  it.each([
    ...VARIANTS.map((variant) => [...variant, holds] as const),
    ...WINDOWS.map((variant) => [...variant, (Hub: typeof ViewHub) => holds(Hub, WINDOW_VIEWS)] as const),
    ...COMPARED.map((variant) => [...variant, (Hub: typeof ViewHub) => holds(Hub, COMPARED_VIEWS)] as const),
    ...TOP.map((variant) => [...variant, (Hub: typeof ViewHub) => holds(Hub, TOP_VIEWS)] as const),
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
