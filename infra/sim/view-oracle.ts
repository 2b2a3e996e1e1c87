import type { ViewContents } from '#contracts/frame.ts';
import { PARTITIONS } from './ops.ts';
import { readTruth } from './oracle.ts';
import type { SimView } from './sim-views.ts';
import { cellKey, type Shown, shownOf } from './view-text.ts';
import type { World } from './world.ts';

/** A sum of one pane, group and partition, from wherever it is known. */
interface Piece {
  part: string;
  pane: number;
  group: readonly string[];
  sum: number;
}

const OTHER = '__other__';

/** What everybody must show in the end, worked out from the events in the logs and from nothing else. */
export function expectShown(world: World, of: SimView): Shown {
  const { window, range, metric } = of.view;
  const end = Math.floor(world.now / window) * window + window;
  const pieces: Piece[] = [];
  for (let p = 0; p < PARTITIONS; p++) {
    for (const [key, sum] of readTruth(p, world.logs[p]!.records).rows) {
      const [id, part, pane, group] = key.split(' ');
      if (id === metric)
        pieces.push({ part: part!, pane: Number(pane), group: group === '' ? [] : [group!], sum });
    }
  }
  const inRange = pieces.filter((p) => p.pane >= end - range && p.pane < end);
  const cells = sumUp(of, inRange);
  const named = of.view.groupBy.length + of.view.where.length > 0;
  const others = named ? inRange.filter((p) => p.group.includes(OTHER)) : [];
  const partial = new Set(others.map((p) => Math.floor(p.pane / window) * window));
  const series = new Set([...cells.keys()].map((key) => key.slice(key.indexOf(' ') + 1)));
  return { start: end - range, end, cells, series: [...series], partial: [...partial] };
}

/** By window and by the groups that the view tells apart. */
function sumUp({ view }: SimView, pieces: readonly Piece[]): Map<string, number> {
  const cells = new Map<string, number>();
  for (const { pane, group, sum } of pieces) {
    if (!view.where.every(({ values }) => values.includes(group[0]!))) continue;
    const key = cellKey(Math.floor(pane / view.window) * view.window, view.groupBy.length > 0 ? group : []);
    cells.set(key, (cells.get(key) ?? 0) + sum);
  }
  return cells;
}

/**
 * What a client shows at a cursor is not older than the updates below it, and not newer than all there are. Values are
 * positive, so sums only grow. Nothing is promised before the gateway's join was done, or under an identity of before.
 */
export function checkPrefix(world: World, of: SimView, contents: ViewContents): string | null {
  const { epoch, offset } = contents.cursor!;
  if (epoch !== world.identity) return null;
  const known = world.beginnings.at(-1)! + offset;
  const low = sumUp(of, piecesOf(world, of, known));
  const high = sumUp(of, piecesOf(world, of, world.updates.length, true));
  const { cells, start, end } = shownOf(contents);
  for (const key of new Set([...cells.keys(), ...low.keys()])) {
    const window = Number(key.split(' ')[0]);
    if (window < start || window >= end) continue;
    const value = cells.get(key) ?? 0;
    if (value < (low.get(key) ?? 0) || value > (high.get(key) ?? 0))
      return `${key} is ${value} at ${offset}, not within ${low.get(key)} and ${high.get(key)}`;
  }
  return null;
}

/** The newest state of every cell and partition in the first `count` updates; of a back-fill once it is told, or `early`. */
function piecesOf(world: World, { view }: SimView, count: number, early = false): Piece[] {
  const newest = new Map<string, Piece & { next: number }>();
  const filled = new Set<string>();
  for (const update of world.updates.slice(0, count)) {
    if (update.kind === 'facts' || update.metric !== view.metric) continue;
    if (update.kind === 'backfilled') filled.add(update.part);
    else
      for (const { pane, group, part, next, state } of update.cells) {
        const key = `${part} ${pane} ${group}`;
        if ((newest.get(key)?.next ?? -1) < next)
          newest.set(key, { part, pane, group, next, sum: state.nums[0]! });
      }
  }
  const rows = [...world.store.panes.values()].filter(
    ({ metric, part }) => metric === view.metric && part.startsWith('~') && (early || filled.has(part)),
  );
  return [...newest.values(), ...rows.map((r) => ({ ...r, sum: r.state.nums[0]! }))];
}
