import { isFilledIn } from '#contracts/log/rows.ts';
import type { ViewContents } from '#contracts/view/frame.ts';
import { endOfTimeline, startsOf, type Timeline, timelineOf } from '#contracts/view/timeline.ts';
import { endOf } from '#contracts/view/windows.ts';
import { PARTITIONS } from './ops.ts';
import { counts, nameOf, readTruth } from './oracle.ts';
import type { SimView } from './sim-views.ts';
import { CHANGING, readChanging, type SimMetric } from './simulated-metrics.ts';
import type { World } from './simulated-world.ts';
import { cellKey, type Shown, shownOf } from './view-text.ts';

/** A sum of one pane, group and partition, from wherever it is known. */
interface Piece {
  part: string;
  pane: number;
  group: readonly string[];
  sum: number;
}

const OTHER = '__other__';

/** What every client must show in the end, computed from the events in the logs alone; null for a deleted metric. */
export function expectShown(world: World, of: SimView): Shown | null {
  const { metric } = of.view;
  world.catalog.readAll();
  const version =
    metric === CHANGING ? world.catalog.catalog.metrics.get(metric)?.served.version : of.version;
  if (version === undefined) return null;
  const timeline = timelineOf(of.view, world.now);
  const [start, end] = [timeline.first, endOfTimeline(timeline)];
  const pieces: Piece[] = [];
  for (let p = 0; p < PARTITIONS; p++) {
    for (const [key, sum] of readTruth(p, world.logs[p]!.records).rows) {
      const [id, part, pane, group] = key.split(' ');
      if (id === nameOf({ metric, version }))
        pieces.push({ part: part!, pane: Number(pane), group: group === '' ? [] : [group!], sum });
    }
  }
  const cells = sumUp(of, pieces, timeline);
  const named = of.view.groupBy.length + of.view.where.length > 0;
  const others = named ? pieces.filter((p) => p.group.includes(OTHER)) : [];
  const partial = new Set(others.flatMap((p) => windowsHolding(timeline, p.pane)));
  const series = new Set([...cells.keys()].map((key) => key.slice(key.indexOf(' ') + 1)));
  // What is not grouped is one series, whatever happened.
  if (of.view.groupBy.length === 0) series.add('[]');
  return { start, end, cells, series: [...series], partial: [...partial] };
}

/** Starts of the windows of the range that hold a pane. */
const windowsHolding = (timeline: Timeline, pane: number): number[] =>
  [...startsOf(timeline)].filter((start) => start <= pane && pane < endOf(timeline.windows, start));

/** By window and by the groups that the view distinguishes. */
function sumUp({ view }: SimView, pieces: readonly Piece[], timeline: Timeline): Map<string, number> {
  const cells = new Map<string, number>();
  for (const { pane, group, sum } of pieces) {
    if (!view.where.every(({ values }) => values.includes(group[0]!))) continue;
    for (const window of windowsHolding(timeline, pane)) {
      const key = cellKey(window, view.groupBy.length > 0 ? group : []);
      cells.set(key, (cells.get(key) ?? 0) + sum);
    }
  }
  return cells;
}

/**
 * What a client shows at a cursor is not older than the updates below it, and not newer than all there are. Values are
 * positive, so sums only grow. Nothing is promised before the gateway has joined, or under an earlier identity.
 */
export function checkPrefix(world: World, of: SimView, contents: ViewContents): string | null {
  const { epoch, offset } = contents.cursor!;
  if (epoch !== world.identity) return null;
  const known = world.beginnings.at(-1)! + offset;
  const { version } = contents;
  const isChanging = of.view.metric === CHANGING;
  const { cells, start, end } = shownOf(contents);
  if (end === start) return null;
  const timeline = timelineOf(of.view, end - 1);
  const folded = isChanging ? foldedBy(world, version, known) : piecesOf(world, of, version, known);
  const low = sumUp(of, folded, timeline);
  const high = sumUp(of, piecesOf(world, of, version, world.updates.length, true), timeline);
  for (const key of new Set([...cells.keys(), ...low.keys()])) {
    const window = Number(key.split(' ')[0]);
    if (window < start || window >= end) continue;
    const value = cells.get(key) ?? 0;
    if (value < (low.get(key) ?? 0) || value > (high.get(key) ?? 0))
      return `${key} is ${value} at ${offset}, not within ${low.get(key)} and ${high.get(key)}`;
  }
  return null;
}

/** The newest state of every cell and partition in the first `count` updates; of a back-fill once it is announced, or `early`. */
function piecesOf(world: World, { view }: SimView, version: number, count: number, early = false): Piece[] {
  const newest = new Map<string, Piece & { next: number }>();
  const filled = new Map<string, number>();
  for (const update of world.updates.slice(0, count)) {
    if (update.kind === 'facts' || update.metric !== view.metric || update.version !== version) continue;
    if (update.kind === 'backfilled') filled.set(update.part, update.activation);
    else
      for (const { pane, group, part, next, state } of update.cells) {
        const key = `${part} ${pane} ${group}`;
        if ((newest.get(key)?.next ?? -1) < next)
          newest.set(key, { part, pane, group, next, sum: state.nums[0]! });
      }
  }
  const rows = [...world.store.panes.values()].filter(
    (row) =>
      row.metric === view.metric &&
      row.version === version &&
      isFilledIn(row.part) &&
      // A row of a later fill replaces one that was announced, and need not be shown yet.
      (early || row.next <= (filled.get(row.part) ?? 0)),
  );
  return [...newest.values(), ...rows.map((r) => ({ ...r, sum: r.state.nums[0]! }))];
}

/**
 * Every event that a version of the changing metric must show with the first `count` updates: those that partitions
 * said they have folded. Of a version that began beside another one its history too, in all partitions.
 */
function foldedBy(world: World, version: number, count: number): Piece[] {
  const told = world.updates.slice(0, count);
  const made = world.definitions[version];
  const cameBeside = made?.kind === 'metric' && made.basedOn !== null;
  const facts = told.flatMap((update) => (update.kind === 'facts' ? update.partitions : []));
  return world.logs.flatMap(({ records }, p) => {
    const { accepted, foldings } = readTruth(p, records);
    const folding = foldings.find(({ metric }) => metric.id === CHANGING && metric.version === version);
    const isFilled = told.some((u) => u.kind === 'backfilled' && u.version === version && u.part === `~${p}`);
    const next = Math.max(0, ...facts.filter((f) => f.partition === p).map((f) => f.next));
    // A version that is served before it has started here lacks everything that it must show.
    const metric = folding?.metric ?? metricOf(world, version);
    const { from, until } = folding ?? { from: Infinity, until: Infinity };
    return accepted
      .filter((one) => one.offset < Math.min(next, until) && counts(one, metric))
      .filter(({ offset }) => offset > from || cameBeside || isFilled)
      .map(({ event, offset }) => ({
        part: offset < from ? `~${p}` : `${p}`,
        pane: Math.floor(event.ts / metric.pane) * metric.pane,
        group: [],
        sum: event.n!,
      }));
  });
}

function metricOf(world: World, version: number): SimMetric {
  const made = world.definitions[version];
  if (made?.kind !== 'metric' || made.body === null)
    throw new Error(`No definition made version ${version}.`);
  return readChanging(version, made.body);
}
