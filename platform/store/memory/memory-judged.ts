import { compileFilter, type FilteredEvent, type Test } from '#contracts/filter/compile-filter.ts';
import { compileGroupFilter } from '#contracts/filter/group-filter.ts';
import { compilePattern } from '#contracts/filter/match-pattern.ts';
import { isRecord } from '#contracts/is-record.ts';
import type { ArchiveRow, PaneRow } from '#contracts/log/rows.ts';
import { cutGroup, dimensionText, isTooLong, namesSought } from '#contracts/metric/dimension.ts';
import { pathOfProperty, readEventPath } from '#contracts/metric/envelope.ts';
import { isCounted, type Outcome, type PropertyType, propertyType } from '#contracts/metric/explanation.ts';
import { countedWhere } from '#contracts/metric/metric.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import {
  type JudgedCount,
  type JudgedPartition,
  type JudgedReads,
  type JudgedScope,
  MAX_COMPARED,
  outcomeOf,
  rowPart,
  type SharesScope,
  type StoredCell,
  shareDifference,
  type ValueShare,
  type ValueShares,
} from '../judged-events.ts';
import type { AggregateOf, StoreAggregate } from '../store-aggregate.ts';

/** What became of an event. */
interface Judged {
  row: ArchiveRow;
  event: FilteredEvent;
  outcome: Outcome;
  field: string | null;
  found: PropertyType | null;
  /** Whether it is of the scope's groups. */
  fits: boolean;
}

interface Source {
  events: ReadonlyMap<string, ArchiveRow>;
  panes: ReadonlyMap<string, PaneRow>;
}

/** The reads by which a number is explained, event by event, for the reference Store. */
export function createJudgedReads(source: Source, aggregateOf: AggregateOf): JudgedReads {
  const within = ({ from, to }: { from: number; to: number }): ArchiveRow[] =>
    [...source.events.values()].filter(({ ts }) => ts >= from && ts < to);
  return {
    async countRange(range) {
      return within(range).length;
    },
    async countJudged(scope) {
      return tally(judgeRows(within(scope), scope, source, aggregateOf));
    },
    async compareShares(scope) {
      const rows = within(scope);
      const sample = Math.max(1, Math.ceil(rows.length / scope.exact));
      const some = rows.filter(({ offset, index }) => (offset + index * 7919) % sample === 0);
      return compare(judgeRows(some, scope, source, aggregateOf), scope, sample);
    },
    async hasCells(cells) {
      const known = new Set([...source.panes.values()].map(textOf));
      return cells.map((cell) => known.has(textOf(cell)));
    },
  };
}

const textOf = ({ metric, version, pane, group, part }: StoredCell): string =>
  JSON.stringify([metric, version, pane, group, part]);

/** Returns the rows that the metric looks at, judged. */
function judgeRows(
  rows: readonly ArchiveRow[],
  scope: JudgedScope,
  { panes }: Pick<Source, 'panes'>,
  aggregateOf: AggregateOf,
): Judged[] {
  const { metric, partitions } = scope;
  const cells = new Set([...panes.values()].map(textOf));
  const matches = compileFilter(countedWhere(metric), compilePattern);
  const fits = compileGroupFilter(scope.where, (path) => metric.groupBy.indexOf(path), compilePattern);
  const context = { scope, cells, fits, aggregate: aggregateOf(metric.aggregate) };
  return rows.flatMap((row) => {
    const partition = partitions.find((one) => one.partition === row.part);
    if (partition === undefined || row.offset >= partition.committed) return [];
    if (row.ts < scope.from || row.ts >= scope.to || !(metric.events?.includes(row.event) ?? true)) return [];
    const event = { ...row, properties: JSON.parse(row.properties) as Record<string, unknown> };
    return matches(event) ? [{ row, event, ...judge({ row, event, partition }, context) }] : [];
  });
}

/** Those that the metric counts, for the groups of the scope. */
export const countedRows = (
  rows: readonly ArchiveRow[],
  scope: JudgedScope,
  source: Pick<Source, 'panes'>,
  aggregateOf: AggregateOf,
): ArchiveRow[] =>
  judgeRows(rows, scope, source, aggregateOf)
    .filter(({ outcome, fits }) => fits && isCounted(outcome))
    .map(({ row }) => row);

interface Context {
  scope: JudgedScope;
  cells: ReadonlySet<string>;
  fits: Test<readonly string[]>;
  aggregate: StoreAggregate;
}

function judge(
  { row, event, partition }: { row: ArchiveRow; event: FilteredEvent; partition: JudgedPartition },
  { scope, cells, fits, aggregate }: Context,
): Pick<Judged, 'outcome' | 'field' | 'found' | 'fits'> {
  const { metric, version, valueLength = Infinity } = scope;
  const which = outcomeOf(row, metric.lateness, partition);
  const dims = metric.groupBy.map((path) => dimensionText(readEventPath(event, path)));
  const odd = dims.indexOf(undefined);
  const own = dims.map((text) => text ?? '');
  const long = own.findIndex((text) => isTooLong(text, valueLength));
  const named = long < 0 ? own : cutGroup(own, long);
  const cellOf = (group: readonly string[]): string =>
    textOf({
      metric: metric.id,
      version,
      pane: floorTo(row.ts, metric.pane),
      group,
      part: rowPart(row, which),
    });
  const group = namesSought(named).find((name) => cells.has(cellOf(name))) ?? named;
  const isOfGroups = odd >= 0 || fits(group);
  const left = (outcome: Outcome, path: string) => ({
    outcome,
    field: path,
    found: propertyType(readEventPath(event, path)),
    fits: isOfGroups,
  });
  const counted = { outcome: which, field: null, found: null, fits: isOfGroups };
  if (!isCounted(which)) return counted;
  if (odd >= 0) return left('skipped', metric.groupBy[odd]!);
  const field = metric.aggregate.field ?? aggregate.path ?? null;
  if (field !== null) {
    const value = readEventPath(event, field);
    if (value === undefined || value === null) return left('absent', field);
    const isRead = aggregate.input === 'number' ? Number.isFinite(value) : dimensionText(value) !== undefined;
    if (!isRead) return left('skipped', field);
  }
  const { sequence } = aggregate;
  if (sequence === undefined) return counted;
  if (row.key === null) return left('absent', '$key');
  if (field !== null && !sequence.accepts(Number(readEventPath(event, field)))) return left('skipped', field);
  return counted;
}

function tally(judged: readonly Judged[]): JudgedCount[] {
  const counts = new Map<string, JudgedCount>();
  for (const { row, outcome, field, found, fits } of judged) {
    if (!fits) continue;
    const key = JSON.stringify([row.part, outcome, field, found]);
    const count = counts.get(key) ?? { partition: row.part, outcome, field, found, count: 0 };
    counts.set(key, { ...count, count: count.count + 1 });
  }
  return [...counts.values()];
}

function compare(judged: readonly Judged[], scope: SharesScope, sample: number): ValueShares {
  const { split, where } = scope;
  const rows = judged.filter(({ outcome, fits }) => isCounted(outcome) && (split === null || fits));
  const isInside = ({ row, fits }: Judged): boolean => (split === null ? fits : row.ts >= split);
  const all = { inside: rows.filter(isInside).length, outside: rows.filter((row) => !isInside(row)).length };
  const paths = rows.map(({ event }) => pathsOf(event.properties));
  const frequency = new Map<string, number>();
  for (const path of paths.flat()) frequency.set(path, (frequency.get(path) ?? 0) + 1);
  const byFrequency = [...frequency]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([path]) => path);
  const compared = ['$event', '$key', ...byFrequency.slice(0, scope.paths).map(pathOfProperty)].filter(
    (path) => split !== null || !where.some((one) => 'path' in one && one.path === path),
  );
  const values = compared.flatMap((path) => {
    const shares = new Map<string, ValueShare>();
    for (const row of rows) {
      const read = readEventPath(row.event, path);
      const text = read === undefined || read === null ? undefined : dimensionText(read);
      if (text === undefined) continue;
      const value = Array.from(text).slice(0, MAX_COMPARED).join('');
      const share = shares.get(value) ?? { path, value, inside: 0, outside: 0 };
      share[isInside(row) ? 'inside' : 'outside'] += 1;
      shares.set(value, share);
    }
    return [...shares.values()].sort((a, b) => (a.value < b.value ? -1 : 1));
  });
  const sizeOf = (share: ValueShare): number => Math.abs(shareDifference(share, all));
  return {
    ...all,
    sample,
    omitted: byFrequency.length > scope.paths,
    values: values.sort((a, b) => sizeOf(b) - sizeOf(a)).slice(0, scope.values),
  };
}

/** Dotted paths of what is in an object, as the archive keeps them: an object is there itself, too. */
const pathsOf = (object: Readonly<Record<string, unknown>>, prefix = ''): string[] => [
  ...new Set(
    Object.entries(object).flatMap(([name, value]) =>
      isRecord(value) ? [prefix + name, ...pathsOf(value, `${prefix}${name}.`)] : [prefix + name],
    ),
  ),
];
