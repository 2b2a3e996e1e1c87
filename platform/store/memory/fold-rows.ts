import { bitsOf, compileFilter, type FilteredEvent, type Test } from '#contracts/filter/compile-filter.ts';
import { compilePattern } from '#contracts/filter/match-pattern.ts';
import type { ArchiveRow, PaneRow } from '#contracts/log/rows.ts';
import { cutGroup, dimensionText, groupKey, isTooLong, levelOf } from '#contracts/metric/dimension.ts';
import { readEventPath } from '#contracts/metric/envelope.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import type { FoldCaps, SqlFoldScope } from '../store.ts';
import type { StoreAggregate } from '../store-aggregate.ts';

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
}

/** The SQL fold in plain code, row by row, of the rows that were chosen, for the reference Store. */
export function foldRows(
  scope: FoldRowsScope,
  rows: readonly ArchiveRow[],
  aggregate: StoreAggregate,
): PaneRow[] {
  const { metric } = scope;
  const panes = new Map<number, Pane>();
  const reading = readingOf(metric, aggregate);
  const ordered = [...rows].sort((a, b) => a.offset - b.offset || a.index - b.index);
  for (const row of ordered) {
    const read = readRow(row, reading);
    if (read === null) continue;
    const start = floorTo(row.ts, metric.pane);
    const pane = panes.get(start) ?? { named: new Set(), imported: new Set(), cells: new Map() };
    panes.set(start, pane);
    const group = nameGroup(row.imported ? pane.imported : pane.named, read.group, scope);
    const key = groupKey(group);
    const cell = pane.cells.get(key) ?? { group, state: aggregate.create() };
    pane.cells.set(key, cell);
    aggregate.add(cell.state, read.value, row);
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

interface RowReading {
  metric: Metric;
  aggregate: StoreAggregate;
  /** Whether an event fits the metric's filter. */
  matches: Test<FilteredEvent>;
  /** Whether it fits each condition of the aggregate. */
  conditions: Test<FilteredEvent>[];
}

const readingOf = (metric: Metric, aggregate: StoreAggregate): RowReading => ({
  metric,
  aggregate,
  matches: compileFilter(metric.where, compilePattern),
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
