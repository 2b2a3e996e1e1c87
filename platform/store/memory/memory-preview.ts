import { compileFilter } from '#contracts/filter/compile-filter.ts';
import { compilePattern } from '#contracts/filter/match-pattern.ts';
import { type ArchiveRow, backfillPart, type PaneRow } from '#contracts/log/rows.ts';
import { dimensionText, groupKey } from '#contracts/metric/dimension.ts';
import { readEventPath } from '#contracts/metric/envelope.ts';
import { countedWhere } from '#contracts/metric/metric.ts';
import { floorTo, isLate } from '#contracts/metric/pane.ts';
import type { Misfits, PreviewTally, ValueType } from '../preview-tally.ts';
import { type BackfillScope, MOST_HASHES, type PreviewReads } from '../store.ts';
import type { StoreAggregate } from '../store-aggregate.ts';
import { foldRows } from './fold-rows.ts';
import { compareRows, compareWindows, mergeRows } from './merge-rows.ts';

/** Reads of a definition that was never saved, in plain code, for the reference Store. */
export function createMemoryPreview(
  scope: BackfillScope,
  rowsOf: (partition: number) => ArchiveRow[],
  aggregate: StoreAggregate,
): PreviewReads {
  const { metric } = scope;
  const below = (): ArchiveRow[] =>
    scope.partitions.flatMap(({ partition, before }) =>
      rowsOf(partition).filter(({ offset }) => offset < before),
    );
  const isInSpan = (row: ArchiveRow, from: number, to: number): boolean => {
    const pane = floorTo(row.ts, metric.pane);
    return pane >= from && pane < to;
  };
  const fold = (from: number, to: number): PaneRow[] =>
    scope.partitions.flatMap(({ partition, before }) => {
      const rows = rowsOf(partition).filter(
        (row) => row.offset < before && isCounted(row) && (follows || isInSpan(row, from, to)),
      );
      const folded = foldRows({ ...scope, part: backfillPart(partition), next: before }, rows, aggregate);
      return follows ? folded.filter(({ pane }) => pane >= from && pane < to) : folded;
    });
  /** Sequences follow from all events, and imported ones have no place in them. */
  const follows = aggregate.sequence !== undefined;
  const isCounted = (row: ArchiveRow): boolean => !isLateRow(row) && !(follows && row.imported);
  const isNamed = ({ event }: ArchiveRow): boolean => metric.events?.includes(event) ?? true;
  const isLateRow = ({ imported, ts, watermark }: ArchiveRow): boolean =>
    !imported && isLate(ts, metric.lateness, watermark);
  return {
    async readPanes({ after, limit, from, to }) {
      const rows = structuredClone(fold(from, to)).sort(compareRows);
      return rows.filter((row) => after === undefined || compareRows(row, after) > 0).slice(0, limit);
    },
    // The metric's own panes whatever the unit, which changes nothing.
    async readWindows({ after, limit, ...range }) {
      const merged = mergeRows(fold(range.from, range.to), range, aggregate);
      return merged.filter((row) => after === undefined || compareWindows(row, after) > 0).slice(0, limit);
    },
    async readArrivals({ after, step, from, to, limit }) {
      const seen = new Map(after.map(({ partition, before }) => [partition, before]));
      const rows = below().filter((row) => row.offset >= (seen.get(row.part) ?? 0) && isNamed(row));
      const times = rows.map(({ ts }) => ts).filter((ts) => ts >= from && ts < to);
      return [...new Set(times.map((ts) => floorTo(ts, step)))].sort((a, b) => a - b).slice(0, limit);
    },
    async countNamed(from, to) {
      return below().filter((row) => isInSpan(row, from, to) && isNamed(row)).length;
    },
    async measure(from, to) {
      const rows = fold(from, to);
      const sizes = rows.map(
        ({ state: { nums, keys, counts } }) => nums.length + keys.length + counts.length,
      );
      return {
        rows: rows.length,
        groups: new Set(rows.map(({ group }) => groupKey(group))).size,
        largest: sizes.reduce((a, b) => Math.max(a, b), 0),
        numbers: sizes.reduce((a, b) => a + b, 0),
        first: rows.reduce<number | null>((low, { pane }) => Math.min(low ?? pane, pane), null),
      };
    },
    async survey({ from, to, unit }) {
      const rows = below().filter((row) => isInSpan(row, from, to) && !(follows && row.imported));
      const { tally, counted } = compileTally(scope, aggregate)(rows, isLateRow);
      const places = counted.map(({ row, hash }) => [row.part, row.imported, hash] as const);
      const panes = counted.map(({ row }) => floorTo(row.ts, metric.pane));
      const units = new Map<string, Set<number>>();
      for (const [i, [part, imported, hash]] of places.entries()) {
        const of = JSON.stringify([part, imported, floorTo(panes[i]!, unit)]);
        units.set(of, (units.get(of) ?? new Set()).add(hash));
      }
      return {
        tally,
        rows: new Set(places.map((place, i) => JSON.stringify([place, panes[i]]))).size,
        first: panes.reduce<number | null>((low, pane) => Math.min(low ?? pane, pane), null),
        crowd: [...units.values()].reduce((most, { size }) => Math.max(most, size), 0),
        groups: [...new Set(places.map(([, , hash]) => hash))].slice(0, MOST_HASHES),
      };
    },
    async hasBefore(time) {
      return fold(Number.NEGATIVE_INFINITY, time).length > 0;
    },
  };
}

function compileTally({ metric }: BackfillScope, { input, path, sequence }: StoreAggregate) {
  const matches = compileFilter(countedWhere(metric), compilePattern);
  const field = metric.aggregate.field ?? path ?? null;
  const isNumber = (value: unknown) =>
    typeof value === 'number' && Number.isFinite(value) && (sequence?.accepts(value) ?? true);
  const isText = (value: unknown) =>
    value !== undefined && value !== null && dimensionText(value) !== undefined;
  const checks = metric.groupBy.map((path) => ({
    field: path,
    expected: 'text, number, boolean or null' as Misfits['expected'],
    fits: (value: unknown) => dimensionText(value) !== undefined,
  }));
  if (input === 'number' && field !== null) checks.push({ field, expected: 'number', fits: isNumber });
  if (input === 'text' && field !== null)
    checks.push({ field, expected: 'text, number or boolean', fits: isText });
  if (sequence !== undefined)
    checks.push({ field: '$key', expected: 'text, number or boolean', fits: isText });
  return (rows: readonly ArchiveRow[], isLateRow: (row: ArchiveRow) => boolean) => {
    const tally: PreviewTally = { matched: 0, counted: 0, imported: 0, late: 0, misfits: [] };
    const counted: { row: ArchiveRow; hash: number }[] = [];
    for (const row of rows) {
      const event = { ...row, properties: JSON.parse(row.properties) as Record<string, unknown> };
      if (!(metric.events?.includes(row.event) ?? true) || !matches(event)) continue;
      tally.matched += 1;
      const fault = checks.find((one) => !one.fits(readEventPath(event, one.field)));
      if (isLateRow(row)) tally.late += 1;
      else if (fault !== undefined)
        addMisfit(tally.misfits, fault, typeOf(readEventPath(event, fault.field)));
      else {
        tally.counted += 1;
        if (row.imported) tally.imported += 1;
        counted.push({ row, hash: hashOf(metric.groupBy.map((path) => readEventPath(event, path))) });
      }
    }
    const placeOf = ({ field, expected }: Misfits) =>
      checks.findIndex((one) => one.field === field && one.expected === expected);
    tally.misfits.sort((a, b) => b.events - a.events || placeOf(a) - placeOf(b));
    return { tally, counted };
  };
}

/** A whole number for the values of a group (FNV-1a). */
function hashOf(values: readonly unknown[]): number {
  let hash = 2_166_136_261;
  for (const char of JSON.stringify(values.map((value) => dimensionText(value) ?? null)))
    hash = Math.imul(hash ^ char.charCodeAt(0), 16_777_619) >>> 0;
  return hash;
}

function addMisfit(
  misfits: Misfits[],
  { field, expected }: Pick<Misfits, 'field' | 'expected'>,
  found: ValueType,
): void {
  const known = misfits.find(
    (one) => one.field === field && one.expected === expected && one.found === found,
  );
  if (known === undefined) misfits.push({ field, expected, found, events: 1 });
  else known.events += 1;
}

function typeOf(value: unknown): ValueType {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'string' ? 'text' : type === 'number' || type === 'boolean' ? type : 'object';
}
