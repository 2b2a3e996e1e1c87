import { bitsOf, compileFilter, type FilteredEvent, type Test } from '#contracts/filter/compile-filter.ts';
import { compilePattern } from '#contracts/filter/match-pattern.ts';
import type { ArchiveRow, PaneRow } from '#contracts/log/rows.ts';
import { cutGroup, dimensionText, groupKey, isTooLong, levelOf } from '#contracts/metric/dimension.ts';
import { readEventPath } from '#contracts/metric/envelope.ts';
import { countedWhere, type Metric } from '#contracts/metric/metric.ts';
import { floorTo, isLate } from '#contracts/metric/pane.ts';
import type { Contributed } from '#contracts/metric/sequence.ts';
import type { FoldCaps, SqlFoldScope } from '../store.ts';
import type { StoreAggregate } from '../store-aggregate.ts';
import type { StoredPoint, StoredPoints } from '../stored-points.ts';
import {
  compareInLog,
  contributionsOf,
  type MemberEvent,
  openPoints,
  withinBounds,
} from './memory-sequences.ts';

interface Pane {
  /** Groups with a place of their own: those of live and late events, and those of imported ones. */
  named: Set<string>;
  imported: Set<string>;
  cells: Map<string, { group: string[]; state: unknown }>;
}

/** What the rows of a fold are called, and how their groups are named. */
export interface FoldRowsScope extends FoldCaps, Pick<SqlFoldScope, 'metric' | 'version'> {
  part: string;
  next: number;
  /** Offset from which on rows count; those below it are what sequences go on from. */
  from?: number;
}

/** What a group takes in the pane of a time, and the position that it is due to. */
interface Addition {
  ts: number;
  group: string[];
  value: Contributed | string | undefined;
  row: ArchiveRow;
}

/** The SQL fold in plain code, row by row, of the rows that were chosen, for the reference Store. */
export function foldRows(
  scope: FoldRowsScope,
  rows: readonly ArchiveRow[],
  aggregate: StoreAggregate,
): PaneRow[] {
  const { metric } = scope;
  const panes = new Map<number, Pane>();
  // Groups of sequences are cut where they are read.
  const caps = aggregate.sequence === undefined ? scope : { ...scope, valueLength: undefined };
  for (const { ts, value, row, ...addition } of readAdditions(scope, rows, aggregate)) {
    const start = floorTo(ts, metric.pane);
    const pane = panes.get(start) ?? { named: new Set(), imported: new Set(), cells: new Map() };
    panes.set(start, pane);
    const group = nameGroup(row.imported ? pane.imported : pane.named, addition.group, caps);
    const key = groupKey(group);
    const cell = pane.cells.get(key) ?? { group, state: aggregate.create() };
    pane.cells.set(key, cell);
    aggregate.add(cell.state, value, row);
  }
  return [...panes].flatMap(([pane, { cells }]) =>
    [...cells.values()].map(({ group, state }) => ({
      metric: metric.id,
      version: scope.version,
      pane,
      group,
      part: scope.part,
      state: aggregate.encode(state),
      next: scope.next,
    })),
  );
}

/** The rows that the metric counts, with their groups as they were sent. */
export function readCounted(
  rows: readonly ArchiveRow[],
  metric: Metric,
  aggregate: StoreAggregate,
): { row: ArchiveRow; group: string[] }[] {
  const reading = readingOf(metric, aggregate);
  return rows.flatMap((row) => {
    const read = readRow(row, reading);
    return read === null ? [] : [{ row, group: read.group }];
  });
}

/** What the fold counts of archive rows: those at offsets in [from, before) that were neither imported nor late, in the order of the log. */
export function foldedRows(
  rows: readonly ArchiveRow[],
  { metric, from, before }: Pick<SqlFoldScope, 'metric' | 'from' | 'before'>,
): ArchiveRow[] {
  const isFolded = ({ offset, imported, ts, watermark }: ArchiveRow): boolean =>
    offset >= from && offset < before && !imported && !isLate(ts, metric.lateness, watermark);
  return rows.filter(isFolded).sort(compareInLog);
}

/** What the rows add, in the order of the log. */
function readAdditions(
  { metric, valueLength, from = 0 }: Pick<FoldRowsScope, 'metric' | 'valueLength' | 'from'>,
  rows: readonly ArchiveRow[],
  aggregate: StoreAggregate,
): Addition[] {
  const ordered = rows.toSorted(compareInLog);
  const { sequence: form } = aggregate;
  if (form === undefined) {
    const reading = readingOf(metric, aggregate);
    return ordered.flatMap((row) => {
      const read = readRow(row, reading);
      return read === null ? [] : [{ ...read, ts: row.ts, row }];
    });
  }
  const events = readMembers({ metric, valueLength }, ordered, aggregate);
  const { aggregate: call, pane } = metric;
  return contributionsOf(events, { form, pane, call, from }).map(({ ts, value, due }) => ({
    ts,
    value,
    group: due.group,
    row: due.row,
  }));
}

/** The events of sequences among rows in the order of the log, those within the bounds. */
export function readMembers(
  { metric, valueLength = Infinity }: Pick<FoldRowsScope, 'metric' | 'valueLength'>,
  ordered: readonly ArchiveRow[],
  aggregate: StoreAggregate,
): MemberEvent[] {
  const { sequence: form } = aggregate;
  if (form === undefined) return [];
  const reading = readingOf(metric, aggregate);
  const members = ordered.flatMap((row) => {
    const { ts, offset, index, key } = row;
    const read = readRow(row, reading);
    // An event without a field counts once.
    const { value = 1 } = read ?? {};
    if (read === null || key === null || typeof value !== 'number' || !form.accepts(value)) return [];
    const long = read.group.findIndex((text) => isTooLong(text, valueLength));
    const group = long < 0 ? read.group : cutGroup(read.group, long);
    return [{ ts, offset, index, key, group, value, row }];
  });
  return withinBounds(members, form);
}

/** Points among rows of one partition, as the Store's `readPoints` gives them. */
export function pointsOf(
  rows: readonly ArchiveRow[],
  { metric, valueLength, before, from, open, after, limit }: Omit<StoredPoints, 'partition'>,
  aggregate: StoreAggregate,
): StoredPoint[] {
  const folded = foldedRows(rows, { metric, from: 0, before }).filter(({ ts }) => ts >= from);
  const { sequence: form } = aggregate;
  if (form === undefined) return [];
  const members = readMembers({ metric, valueLength }, folded, aggregate);
  return openPoints(members, open, { form, call: metric.aggregate })
    .filter((point) => after === null || compareInLog(point, after) > 0)
    .slice(0, limit);
}

interface RowReading {
  metric: Metric;
  aggregate: StoreAggregate;
  /** Whether an event fits what the metric counts. */
  matches: Test<FilteredEvent>;
  /** Whether it fits each condition of the aggregate. */
  conditions: Test<FilteredEvent>[];
}

const readingOf = (metric: Metric, aggregate: StoreAggregate): RowReading => ({
  metric,
  aggregate,
  matches: compileFilter(countedWhere(metric), compilePattern),
  conditions: (metric.aggregate.conditions ?? []).map((one) => compileFilter([one], compilePattern)),
});

function readRow(
  row: ArchiveRow,
  { metric, aggregate, matches, conditions }: RowReading,
): { group: string[]; value: number | string | undefined } | null {
  if (metric.events !== null && !metric.events.includes(row.event)) return null;
  const event = { ...row, properties: JSON.parse(row.properties) as Record<string, unknown> };
  if (!matches(event)) return null;
  const group = metric.groupBy.map((d) => dimensionText(readEventPath(event, d)));
  if (group.includes(undefined)) return null;
  const value =
    aggregate.input === 'conditions'
      ? bitsOf(conditions, event)
      : readField(aggregate, metric.aggregate.field ?? aggregate.path ?? null, event);
  return value === null ? null : { group: group as string[], value };
}

/** The same rule as the aggregates': `null` for a value that is absent or of another type. */
function readField(
  aggregate: StoreAggregate,
  field: string | null,
  event: FilteredEvent,
): number | string | undefined | null {
  if (aggregate.input === 'none' || field === null) return undefined;
  const value = readEventPath(event, field);
  if (value === undefined || value === null) return null;
  if (aggregate.input === 'text') return dimensionText(value) ?? null;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/**
 * The name that a group gets: from a value that is too long on, and beyond the cap of a level from its last dimension on, it is
 * `__other__`; without levels in all dimensions at once (rule 6). A group of that very name takes no place.
 */
function nameGroup(
  named: Set<string>,
  texts: string[],
  { groups, valueLength = Infinity, levels = false }: FoldRowsScope,
): string[] {
  const long = texts.findIndex((text) => isTooLong(text, valueLength));
  let group = long < 0 ? texts : cutGroup(texts, levels ? long : 0);
  for (let level = levelOf(group); level > 0; level = levelOf(group)) {
    // Places are counted by level, or all together.
    const place = `${levels ? level : ''} ${groupKey(group)}`;
    const taken = levels ? [...named].filter((one) => one.startsWith(`${level} `)).length : named.size;
    if (taken < groups) named.add(place);
    if (named.has(place)) return group;
    group = cutGroup(group, levels ? level - 1 : 0);
  }
  return group;
}
