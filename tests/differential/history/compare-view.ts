import { aggregateOf } from '#aggregates/registry.ts';
import type { PaneRow } from '#contracts/log/rows.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import { judgeGroup } from '#platform/store/testing/naive-group-filter.ts';
import { slackOf } from '../compare-rows.ts';
import { expectOutputs } from '../textbook.ts';
import type { Asked } from './asked-views.ts';
import { checkChosen, naiveWindows } from './expected-windows.ts';
import type { Period } from './local-periods.ts';
import { type NaiveCell, type NaivePane, naiveCells, type Shown } from './naive-cells.ts';
import { elapsedOf, type ReadCell, type ReadHistory } from './read-history.ts';

/** What was read is not what it should be. */
export class Difference extends Error {}

export interface Truth {
  metric: Metric;
  /** From the events. */
  panes: readonly NaivePane[];
  /** All that is stored of the metric in its own panes, whatever the tiers are. */
  rows: readonly PaneRow[];
}

export interface Expected {
  windows: Period[];
  cells: Map<string, NaiveCell>;
}

const keyOf = (window: number, group: readonly string[] | null): string =>
  `${window} ${JSON.stringify(group)}`;

/** Throws a Difference where a view shows other windows, groups or values than its events and its panes say. */
export function compareHistory(truth: Truth, asked: Asked, read: ReadHistory): Expected {
  const { metric, panes } = truth;
  const chosen = checkChosen(asked, read.view.windows, metric.pane);
  if (chosen !== null) throw new Difference(chosen);
  const windows = naiveWindows(asked, read.view.windows);
  expectSame('windows', read.windows, windows);
  const shown = windows.length === 0 ? null : compareRanking(truth, asked, { read, windows });
  const cells = naiveCells(panes, { metric, asked, windows, cut: read.to, shown });
  compareCells(truth, read, { read: read.cells, expected: cells, windows });
  return { windows, cells };
}

/** The values that groups are ranked by, and which are the highest. Returns the groups that are shown. */
function compareRanking(
  truth: Truth,
  asked: Asked,
  { read, windows }: { read: ReadHistory; windows: readonly Period[] },
): Shown | null {
  if (asked.top === null) return null;
  const { metric, panes } = truth;
  const whole = [{ start: windows[0]!.start, end: windows.at(-1)!.end }];
  const expected = naiveCells(panes, { metric, asked, windows: whole, cut: Infinity, shown: null });
  compareCells(
    truth,
    { ...read, to: Infinity, members: null },
    { read: read.ranking, expected, windows: whole },
  );
  // What is many groups at once is none of the highest.
  const named = read.ranking.filter(({ group }) => group !== null && !group.includes('__other__'));
  const highest = named
    .map(({ group, values }) => ({
      group: group!,
      key: JSON.stringify(group),
      value: values[0] ?? -Infinity,
    }))
    .sort((a, b) => b.value - a.value || (a.key < b.key ? -1 : 1))
    .slice(0, asked.top);
  const groups = highest.map(({ group }) => group);
  expectSame('highest groups', read.members, groups);
  const { adds } = aggregateOf(metric.aggregate);
  return { groups, rest: adds === 'nothing' ? null : asked.groupBy.map(() => '__others__') };
}

interface Cells {
  read: readonly ReadCell[];
  expected: ReadonlyMap<string, NaiveCell>;
  windows: readonly Period[];
}

function compareCells(
  truth: Truth,
  { to, view, members }: ReadHistory,
  { read, expected, windows }: Cells,
): void {
  const found = new Map(read.map((cell) => [keyOf(cell.window, cell.group), cell]));
  if (found.size !== read.length) throw new Difference('a cell was read twice');
  expectSame('cells', [...found.keys()].sort(), [...expected.keys()].sort());
  const merged = mergePanes(truth, { to, view, members }, windows);
  const ends = new Map(windows.map(({ start, end }) => [start, end]));
  for (const [key, cell] of expected) {
    const own = found.get(key)!;
    expectSame(`flags of ${key}`, [own.other, own.filled], [cell.other, cell.filled]);
    if (own.group === null) continue;
    const elapsed = elapsedOf(cell.pane, ends.get(cell.pane)!, to);
    compareValues(truth.metric, { key, own, cell, elapsed, state: merged.get(key) });
  }
}

interface Compared {
  key: string;
  own: ReadCell;
  cell: NaiveCell;
  elapsed: number;
  state: unknown;
}

/** Against the values themselves, and against the states of all panes. */
function compareValues(metric: Metric, { key, own, cell, elapsed, state }: Compared): void {
  const aggregate = aggregateOf(metric.aggregate);
  const slack = slackOf(metric, cell.values)?.outputs ?? [];
  const expected = expectOutputs(metric.aggregate, cell, elapsed, slack[0] ?? 0);
  const direct = aggregate.value(state, metric.aggregate, elapsed);
  for (const [i, got] of own.values.entries()) {
    const bounds = expected?.[i];
    const about = `${own.form} of ${key}, output ${i}: ${got}`;
    if (bounds && !(got !== null && got >= bounds.low && got <= bounds.high))
      throw new Difference(`${about}; its events give ${bounds.low} to ${bounds.high}`);
    if (got !== direct[i] && !(Math.abs(got! - direct[i]!) <= (slack[i] ?? 0)))
      throw new Difference(`${about}; its panes give ${direct[i]}`);
  }
  expectSame(`outputs of ${key}`, own.values.length, aggregate.outputs(metric.aggregate).length);
}

/** The states of all stored panes of a window and group, merged one after the other. */
function mergePanes(
  { metric, rows }: Truth,
  { to, view, members }: Pick<ReadHistory, 'to' | 'view' | 'members'>,
  windows: readonly Period[],
): Map<string, unknown> {
  const aggregate = aggregateOf(metric.aggregate);
  const merged = new Map<string, unknown>();
  const decoded = rows.map((row) => ({ ...row, decoded: aggregate.decode(row.state) }));
  const known = members && new Set(members.map((group) => JSON.stringify(group)));
  for (const { start, end } of windows) {
    for (const { pane, group, decoded: state } of decoded) {
      if (pane < start || pane >= end || pane >= to) continue;
      const textOf = (dimension: string): string => group[metric.groupBy.indexOf(dimension)]!;
      if (judgeGroup(view.where, textOf) !== true) continue;
      const own = view.groupBy.map(textOf);
      const isShown = known === null || known.has(JSON.stringify(own));
      const key = keyOf(start, isShown ? own : own.map(() => '__others__'));
      const into = merged.get(key) ?? aggregate.create();
      merged.set(key, into);
      aggregate.merge(into, state);
    }
  }
  return merged;
}

/** Throws a Difference that shows where two lists begin to differ. */
function expectSame(what: string, got: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(expected)];
  if (a === b) return;
  const lists = Array.isArray(got) && Array.isArray(expected);
  const at = lists ? got.findIndex((one, i) => JSON.stringify(one) !== JSON.stringify(expected[i])) : -1;
  const detail = lists
    ? `${got.length} and ${expected.length}, at ${at}: ${JSON.stringify(got[at])} and ${JSON.stringify(expected[at < 0 ? got.length : at])}`
    : `${a} and ${b}`;
  throw new Difference(`${what} differ: ${detail}`);
}
