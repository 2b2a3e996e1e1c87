import type { Metric } from '#contracts/metric/metric.ts';
import { foldNaively, isSequence, type OracleCell } from '../value-oracle.ts';
import type { Asked } from './asked-views.ts';
import type { HistoryEvent, Source, World } from './history-world.ts';
import type { Period } from './local-periods.ts';

/** A pane and group of one part of one partition, from its events. */
export interface NaivePane extends OracleCell {
  partition: number;
  /** As a back-fill or an import wrote it. */
  filled: boolean;
}

/** Of a window and group, the events that count; group null: groups that the view filters away, of which only `other` is told. */
export interface NaiveCell extends OracleCell {
  other: boolean;
  filled: boolean;
}

/** Rule 4 in plain code: the panes of the parts of every partition, each from the events that belong to it. */
export function foldParts(world: World, metric: Metric): NaivePane[] {
  return world.sources.flatMap((source) =>
    partsOf(world.events, metric, source).flatMap(({ events, filled, from = 0 }) => {
      const cells = foldNaively(metric, events.map(oracleEvent), world.cap, from * 1_000);
      return [...cells.values()].map((cell) => ({ ...cell, partition: source.partition, filled }));
    }),
  );
}

/** Imported events and late ones have places of their own where groups are capped (rule 6). */
function partsOf(
  all: readonly HistoryEvent[],
  metric: Metric,
  source: Source,
): { filled: boolean; events: HistoryEvent[]; from?: number }[] {
  const own = all.filter(({ row }) => row.part === source.partition);
  const isLate = ({ row: { ts, watermark } }: HistoryEvent): boolean =>
    watermark !== null && ts + metric.lateness <= watermark;
  const onTime = own.filter((event) => !event.row.imported && !isLate(event));
  const below = (events: readonly HistoryEvent[], offset: number) =>
    events.filter(({ row }) => row.offset < offset);
  const late = own.filter((event) => !event.row.imported && isLate(event));
  const history = { filled: true, events: below(onTime, source.activation) };
  // What is live goes on from what came before, and neither imported events nor late ones have a place in between.
  if (isSequence(metric.aggregate))
    return [{ filled: false, events: onTime, from: source.activation }, history];
  return [
    { filled: false, events: onTime.filter(({ row }) => row.offset >= source.activation) },
    history,
    {
      filled: true,
      events: below(
        own.filter(({ row }) => row.imported),
        source.imports,
      ),
    },
    { filled: true, events: below(late, source.late) },
  ];
}

/** One number says where an event is in its partition. */
const oracleEvent = ({ row, properties }: HistoryEvent) => ({
  offset: row.offset * 1_000 + row.index,
  name: row.event,
  id: row.id,
  key: row.key,
  ts: row.ts,
  watermark: null,
  properties,
});

/** Which groups are shown by themselves, and under what name the rest; null: not at all. */
export interface Shown {
  groups: readonly string[][];
  rest: string[] | null;
}

/** Window and group → cell, by going through all panes for each window. */
export function naiveCells(
  panes: readonly NaivePane[],
  {
    metric,
    asked,
    windows,
    cut,
    shown,
  }: { metric: Metric; asked: Asked; windows: readonly Period[]; cut: number; shown: Shown | null },
): Map<string, NaiveCell> {
  const cells = new Map<string, NaiveCell>();
  for (const { start, end } of windows) {
    const inside = panes.filter(({ pane }) => pane >= start && pane < end && pane < cut);
    const byGroup = Map.groupBy(inside, ({ group }) => JSON.stringify(shownAs(group, metric, asked, shown)));
    for (const [key, some] of byGroup) {
      const hiding = some.filter(({ group }) => isHiding(group, metric, asked));
      const other = hiding.length > 0;
      if (key === 'null' && !other) continue;
      const of = key === 'null' ? hiding : some;
      const cell = { pane: start, group: JSON.parse(key), other, filled: of.some(({ filled }) => filled) };
      cells.set(`${start} ${key}`, { ...cell, ...inOrder(of) });
    }
  }
  return cells;
}

/** Whether some events of a group may belong to another name of the view, or to what it filters by. */
function isHiding(group: readonly string[], metric: Metric, { groupBy, where }: Asked): boolean {
  const textOf = (dimension: string): string => group[metric.groupBy.indexOf(dimension)]!;
  const asked = Object.entries(where);
  const isOut = asked.some(([dimension, values]) => {
    const text = textOf(dimension);
    return text !== '__other__' && !values.includes(text);
  });
  return !isOut && [...groupBy, ...Object.keys(where)].some((dimension) => textOf(dimension) === '__other__');
}

/** The group of a view that a group of the metric belongs to; null: none. */
function shownAs(
  group: readonly string[],
  metric: Metric,
  { groupBy, where }: Asked,
  shown: Shown | null,
): string[] | null {
  const textOf = (dimension: string): string => group[metric.groupBy.indexOf(dimension)]!;
  if (!Object.entries(where).every(([dimension, values]) => values.includes(textOf(dimension)))) return null;
  const own = groupBy.map(textOf);
  if (shown === null || shown.groups.some((one) => JSON.stringify(one) === JSON.stringify(own))) return own;
  return shown.rest;
}

/** All values by the place of their events, which decides between events of one time. */
function inOrder(panes: readonly NaivePane[]): Pick<OracleCell, 'values' | 'times' | 'offsets'> {
  const all = panes.flatMap(({ values, times, offsets, partition }) =>
    values.map((value, i) => ({ value, time: times[i]!, offset: offsets[i]!, partition })),
  );
  all.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
  return {
    values: all.map(({ value }) => value),
    times: all.map(({ time }) => time),
    offsets: all.map(({ offset }) => offset),
  };
}
