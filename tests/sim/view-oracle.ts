import { isFilledIn } from '#contracts/log/rows.ts';
import type { ViewContents } from '#contracts/view/frame.ts';
import {
  counterpartOf,
  endOfTimeline,
  startsOf,
  type Timeline,
  timelineOf,
} from '#contracts/view/timeline.ts';
import type { View } from '#contracts/view/view.ts';
import { endOf } from '#contracts/view/windows.ts';
import { PARTITIONS } from './ops.ts';
import { counts, nameOf, readTruth } from './oracle.ts';
import { highestGroups, ownGroups, type Piece, type ShownAs, withOthers } from './shown-groups.ts';
import type { SimView } from './sim-views.ts';
import { CHANGING, readChanging, type SimMetric } from './simulated-metrics.ts';
import type { World } from './simulated-world.ts';
import { cellKey, type Shown, shownOf } from './view-text.ts';

const OTHER = '__other__';

/** What every client must show in the end, computed from the events in the logs alone; null for a deleted metric. */
export function expectShown(world: World, of: SimView): Shown | null {
  const { metric } = of.view;
  world.catalog.readAll();
  const version =
    metric === CHANGING ? world.catalog.catalog.metrics.get(metric)?.served.version : of.version;
  if (version === undefined) return null;
  const { view } = of;
  const pieces = trueOf(world, nameOf({ metric, version }));
  const timeline = timelineOf(view, world.now);
  const shownAs = highestGroups(view, pieces, timeline);
  const now = shownIn(view, { pieces, timeline, shownAs });
  if (view.compare === null) return now;
  const before = counterpartOf(view, view.compare, timeline);
  const until = endOfEarlier(of, { timeline, before, now: world.now });
  const counting = pieces.filter(({ pane }) => pane < until);
  return { ...now, earlier: shownIn(view, { pieces: counting, timeline: before, shownAs }) };
}

function trueOf(world: World, name: string): Piece[] {
  const pieces: Piece[] = [];
  for (let p = 0; p < PARTITIONS; p++) {
    for (const [key, sum] of readTruth(p, world.logs[p]!.records).rows) {
      const [id, part, pane, group] = key.split(' ');
      if (id === name)
        pieces.push({ part: part!, pane: Number(pane), group: group === '' ? [] : [group!], sum });
    }
  }
  return pieces;
}

/** The last window of the earlier range shows as much as has passed of the one that it is compared with. */
function endOfEarlier(
  { definition: { metric } }: SimView,
  { timeline, before, now }: { timeline: Timeline; before: Timeline; now: number },
): number {
  const [length, earlier] = [timeline, before].map(({ windows, last }) => endOf(windows, last) - last);
  const passed = Math.max(0, now - timeline.last);
  if (passed >= length!) return before.last + earlier!;
  return before.last + Math.min(earlier!, passed - (passed % metric.pane));
}

interface Summed {
  pieces: readonly Piece[];
  timeline: Timeline;
  shownAs: ShownAs;
}

function shownIn(view: View, summed: Summed): Shown {
  const { pieces, timeline } = summed;
  const [start, end] = [timeline.first, endOfTimeline(timeline)];
  const cells = sumUp(summed);
  const named = view.groupBy.length + view.where.length > 0;
  const others = named ? pieces.filter((p) => p.group.includes(OTHER)) : [];
  const partial = new Set(others.flatMap((p) => windowsHolding(timeline, p.pane)));
  const series = new Set([...cells.keys()].map((key) => key.slice(key.indexOf(' ') + 1)));
  // What is not grouped is one series, whatever happened.
  if (view.groupBy.length === 0) series.add('[]');
  const bounds = timeline.windows.kind === 'calendar' ? [...startsOf(timeline), end] : [];
  return { start, end, cells, series: [...series], partial: [...partial], bounds, earlier: null };
}

/** Starts of the windows of the range that hold a pane. */
const windowsHolding = (timeline: Timeline, pane: number): number[] =>
  [...startsOf(timeline)].filter((start) => start <= pane && pane < endOf(timeline.windows, start));

/** By window and by the groups that the view distinguishes. */
function sumUp({ pieces, timeline, shownAs }: Summed): Map<string, number> {
  const cells = new Map<string, number>();
  for (const { pane, group, sum } of pieces) {
    const shown = shownAs(group);
    if (shown === null) continue;
    for (const window of windowsHolding(timeline, pane)) {
      const key = cellKey(window, shown);
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
  const timeline = timelineUpTo(of.view, end);
  const folded = isChanging ? foldedBy(world, version, known) : piecesOf(world, of, version, known);
  const shownAs = of.view.top === null ? ownGroups(of.view) : withOthers(of.view, namedIn(contents));
  const low = sumUp({ pieces: folded, timeline, shownAs });
  const all = piecesOf(world, of, version, world.updates.length, true);
  const high = sumUp({ pieces: all, timeline, shownAs });
  for (const key of new Set([...cells.keys(), ...low.keys()])) {
    const window = Number(key.split(' ')[0]);
    if (window < start || window >= end) continue;
    const value = cells.get(key) ?? 0;
    if (value < (low.get(key) ?? 0) || value > (high.get(key) ?? 0))
      return `${key} is ${value} at ${offset}, not within ${low.get(key)} and ${high.get(key)}`;
  }
  return null;
}

/** The windows of a range as it was when its last one ended there. */
function timelineUpTo(view: View, end: number): Timeline {
  const timeline = timelineOf(view, end - 1);
  // Of windows that overlap in a range that stands still, others have begun before its end.
  const last = [...startsOf(timeline)].findLast((start) => endOf(timeline.windows, start) <= end);
  return { ...timeline, last: last ?? timeline.last };
}

const namedIn = ({ series }: ViewContents): Set<string> =>
  new Set([...series.values()].filter(({ rest }) => !rest).map(({ group }) => String(group)));

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
