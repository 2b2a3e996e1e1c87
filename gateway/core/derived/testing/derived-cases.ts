import { ok, refuse } from '#contracts/errors.ts';
import { parseDerived } from '#contracts/metric/derived-metric.ts';
import { OTHER } from '#contracts/metric/dimension.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import { counterpartOf, startsOf, type Timeline, timelineOf } from '#contracts/view/timeline.ts';
import type { Compare, View } from '#contracts/view/view.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import { wholeOf } from '#contracts/view/whole-window.ts';
import { endOf } from '#contracts/view/windows.ts';
import { judgeHiding } from '#platform/store/testing/naive-group-filter.ts';
import type { Contents } from '../../testing/hub-oracle.ts';
import type { Watched } from '../../testing/hub-run.ts';
import { definition, firstOf, metric, RESTLESS, VERSION, type World } from '../../testing/hub-world.ts';
import { type ExpandedMetric, expandDerived } from '../expand-derived.ts';
import { resolveDerived } from '../resolve-derived.ts';

/** What the test's metric is beside: itself with fewer dimensions. */
const PARTS: Record<string, object> = {
  total: { expression: 'orders', groupBy: [] },
  of_country: { expression: 'orders', groupBy: ['country'] },
  of_plan: { expression: 'orders', groupBy: ['plan'] },
};

export function expand(expression: string): ExpandedMetric {
  // No two views of different metrics have the same text.
  const read = parseDerived(`computed_${Buffer.from(expression).toString('hex')}`.slice(0, 100), {
    expression,
  });
  if (!read.ok) throw new Error(read.fault.message);
  const expanded = expandDerived(read.value, (id) => {
    if (id === metric.id) return ok({ version: VERSION, ...definition });
    const derived = id in PARTS ? parseDerived(id, PARTS[id]) : refuse('unknown_metric', id);
    return derived.ok ? ok({ version: 1, derived: derived.value }) : derived;
  });
  if (!expanded.ok) throw new Error(expanded.fault.message);
  return expanded.value;
}

/** The value of a part in a window and group: over these dimensions, and so much earlier. */
type Get = (dimensions: readonly string[], earlier?: number) => number | null;
type Formula = (get: Get) => number | null;

const div = (a: number | null, b: number | null) => (a === null || b === null || b === 0 ? null : a / b);
const calc = (f: (a: number, b: number) => number) => (a: number | null, b: number | null) =>
  a === null || b === null ? null : f(a, b);
const minus = calc((a, b) => a - b);
const plus = calc((a, b) => a + b);
const BOTH = ['country', 'plan'];

const SHARE = { expression: 'orders / total', of: ((get) => div(get(BOTH), get([]))) as Formula };
const DELTA = {
  expression: 'orders - previous(orders, 4s)',
  of: ((get) => minus(get(BOTH), get(BOTH, 4_000))) as Formula,
};
const CONSTANT = {
  expression: 'coalesce(orders, -1) + 5',
  of: ((get) => plus(get(BOTH) ?? -1, 5)) as Formula,
};
const CROSS = {
  expression: 'of_country / of_plan',
  of: ((get) => div(get(['country']), get(['plan']))) as Formula,
};
const CHANGE = {
  expression: '(orders - previous(orders, 2s)) / previous(total, 2s)',
  of: ((get) => div(minus(get(BOTH), get(BOTH, 2_000)), get([], 2_000))) as Formula,
};

type Case = typeof SHARE;

/** A view of an expression, and what it must show as computed by hand. */
function caseOf({ expression, of }: Case, request: Partial<ViewRequest> = {}): Watched {
  const expanded = expand(expression);
  const zoneOf = (name: string) => (name === RESTLESS.name ? RESTLESS : null);
  const view = resolveDerived({ metric: expanded.id, range: '8s', ...request }, expanded, { zoneOf });
  if (!view.ok) throw new Error(view.fault.message);
  return { view: view.value, metric: expanded, expected: (world) => expectedOf(world, view.value, of) };
}

const HOURS = { calendar: 'hour', timezone: RESTLESS.name } as const;
const COUNTRY = { groupBy: ['country'] };

export const DERIVED_CASES: Watched[] = [
  caseOf(SHARE),
  caseOf(SHARE, { groupBy: [] }),
  caseOf(SHARE, { ...COUNTRY, window: { size: '5s', every: '2s' } }),
  caseOf(CONSTANT),
  caseOf(CROSS),
  caseOf(CROSS, { ...COUNTRY, window: 'whole', range: '6s' }),
  caseOf(SHARE, { ...COUNTRY, window: HOURS, range: '3h' }),
  caseOf(CONSTANT, { ...COUNTRY, window: '2s', range: { this: 'hour', timezone: RESTLESS.name } }),
];

export const SHIFTED_CASES: Watched[] = [
  caseOf(DELTA),
  caseOf(DELTA, { groupBy: [], window: '4s', range: '12s' }),
  caseOf(CHANGE, COUNTRY),
  caseOf(SHARE, { compare: 'previous' }),
  caseOf(DELTA, { ...COUNTRY, compare: '3s' }),
  caseOf(CHANGE, { ...COUNTRY, window: 'whole', range: '6s', compare: 'previous' }),
  caseOf(SHARE, { ...COUNTRY, window: HOURS, range: '2h', compare: 'previous' }),
];

export const TOP_CASES: Watched[] = [
  caseOf(SHARE, { top: { limit: 1 } }),
  caseOf(SHARE, { ...COUNTRY, top: { limit: 1 }, compare: 'previous' }),
  caseOf(DELTA, { top: { limit: 2 } }),
  caseOf(CROSS, { top: { limit: 2 }, window: 'whole', range: '6s' }),
];

/** A range of cells: those of the view's windows, or of others at the same index. */
interface Range {
  timeline: Timeline;
  /** Panes below it are shown. */
  until: number;
}

function earlierOf(world: World, view: View, compare: Compare): Range {
  const now = timelineOf(view, world.clock);
  const timeline = counterpartOf(view, compare, now);
  const size = endOf(now.windows, now.last) - now.last;
  const other = endOf(timeline.windows, timeline.last) - timeline.last;
  const elapsed = Math.max(0, floorTo(world.clock - now.last, metric.pane));
  return { timeline, until: timeline.last + (elapsed >= size ? other : Math.min(elapsed, other)) };
}

const rangeOf = (world: World, view: View, compare: Compare | null): Range =>
  compare === null
    ? { timeline: timelineOf(view, world.clock), until: Number.POSITIVE_INFINITY }
    : earlierOf(world, view, compare);

/** How much earlier a compared range is, ms, where the range moves. */
function lengthOf(world: World, view: View, compare: Compare | null): number {
  if (compare === null) return 0;
  return timelineOf(view, world.clock).first - earlierOf(world, view, compare).timeline.first;
}

function expectedOf(world: World, view: View, of: Formula): Contents {
  const shown = view.top === null ? null : highest(world, view, of);
  const now = rangeContents(world, view, { of, compare: null, shown });
  if (view.compare === null) return now;
  return { ...now, earlier: rangeContents(world, view, { of, compare: view.compare, shown }) };
}

function rangeContents(
  world: World,
  view: View,
  { of, compare, shown }: { of: Formula; compare: Compare | null; shown: Set<string> | null },
): Contents {
  const cells: Record<string, number> = {};
  const members: string[] = [];
  const { timeline } = rangeOf(world, view, compare);
  for (const group of groupsOf(world, view, { of, compare })) {
    const series = JSON.stringify(group);
    if (shown !== null && !shown.has(series)) continue;
    members.push(series);
    for (const [index, start] of [...startsOf(timeline)].entries()) {
      const value = of(getter(world, view, { group, index, compare }));
      if (value !== null) cells[`${start} ${series}`] = value + 0;
    }
  }
  return { members: members.sort(), cells, partial: partialStarts(world, view, { of, compare }) };
}

/** Returns how a part is read: one cell after the other, from all that was folded. */
function getter(
  world: World,
  view: View,
  { group, index, compare }: { group: readonly string[]; index: number; compare: Compare | null },
): Get {
  return (dimensions, earlier = 0) => {
    const ms = earlier + lengthOf(world, view, compare);
    const shift: Compare | null = earlier === 0 ? compare : { kind: 'earlier', ms };
    const { timeline, until } = rangeOf(world, view, shift);
    const start = [...startsOf(timeline)][index]!;
    const end = endOf(timeline.windows, start);
    let sum: number | null = null;
    for (const cell of world.cells.values()) {
      if (cell.pane < start || cell.pane >= Math.min(end, until)) continue;
      const isSame = view.groupBy.every(
        (d, i) => !dimensions.includes(d) || cell.group[metric.groupBy.indexOf(d)] === group[i],
      );
      if (isSame) sum = (sum ?? 0) + cell.state.counts[0]!;
    }
    if (sum !== null) return sum;
    return end > (firstOf(world.cells) ?? 0) ? 0 : null;
  };
}

interface PartRead {
  dimensions: string[];
  range: Range;
}

/** Windows for which some part hides events. */
function partialStarts(world: World, view: View, asked: { of: Formula; compare: Compare | null }): number[] {
  const starts = [...startsOf(rangeOf(world, view, asked.compare).timeline)];
  const reads = readsOf(world, view, asked);
  const isHiding = ({ dimensions, range: { timeline, until } }: PartRead, index: number): boolean => {
    const start = [...startsOf(timeline)][index]!;
    const end = Math.min(endOf(timeline.windows, start), until);
    return [...world.cells.values()].some(
      ({ pane, group }) =>
        pane >= start &&
        pane < end &&
        judgeHiding({ where: [], groupBy: dimensions }, (d) => group[metric.groupBy.indexOf(d)]!),
    );
  };
  // As text, as the contents of ordinary views are compared.
  return starts.filter((_, index) => reads.some((read) => isHiding(read, index))).sort();
}

/** What the formula reads of the parts. */
function readsOf(
  world: World,
  view: View,
  { of, compare }: { of: Formula; compare: Compare | null },
): PartRead[] {
  const reads: PartRead[] = [];
  const note: Get = (dimensions, earlier = 0) => {
    const ms = earlier + lengthOf(world, view, compare);
    const range = rangeOf(world, view, earlier === 0 ? compare : { kind: 'earlier', ms });
    reads.push({ dimensions: view.groupBy.filter((d) => dimensions.includes(d)), range });
    return 1;
  };
  of(note);
  return reads;
}

/** The groups of the parts with most dimensions, in the ranges that they are read in. */
function groupsOf(world: World, view: View, asked: { of: Formula; compare: Compare | null }): string[][] {
  const reads = readsOf(world, view, asked);
  const widest = reads.filter(
    ({ dimensions }) =>
      !reads.some(
        (other) =>
          dimensions.length < other.dimensions.length &&
          dimensions.every((d) => other.dimensions.includes(d)),
      ),
  );
  const sets = Map.groupBy(widest, ({ dimensions }) => dimensions.join());
  let rows: Record<string, string>[] = [{}];
  for (const same of sets.values()) {
    const own = new Map<string, Record<string, string>>();
    for (const { dimensions, range } of same) {
      if (dimensions.length === 0) own.set('{}', {});
      for (const { pane, group } of world.cells.values()) {
        const isIn = [...startsOf(range.timeline)].some(
          (start) => pane >= start && pane < Math.min(endOf(range.timeline.windows, start), range.until),
        );
        const named = Object.fromEntries(dimensions.map((d) => [d, group[metric.groupBy.indexOf(d)]!]));
        if (isIn) own.set(JSON.stringify(named), named);
      }
    }
    rows = rows.flatMap((row) =>
      [...own.values()]
        .filter((one) => Object.entries(one).every(([d, value]) => (row[d] ?? value) === value))
        .map((one) => ({ ...row, ...one })),
    );
  }
  return rows.map((row) => view.groupBy.map((d) => row[d]!));
}

/** The groups with the highest values over the range. */
function highest(world: World, view: View, of: Formula): Set<string> {
  const whole: View = { ...view, ...wholeOf(view, metric.pane), compare: null };
  const named = groupsOf(world, whole, { of, compare: null }).filter((group) => !group.includes(OTHER));
  const ranked = named.map((group) => ({
    series: JSON.stringify(group),
    value: of(getter(world, whole, { group, index: 0, compare: null })) ?? Number.NEGATIVE_INFINITY,
  }));
  ranked.sort((a, b) => b.value - a.value || (a.series < b.series ? -1 : 1));
  return new Set(ranked.slice(0, view.top!.limit).map(({ series }) => series));
}
