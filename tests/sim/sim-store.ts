import { aggregateOf } from '#aggregates/registry.ts';
import type { Lacking } from '#aggregator/core/fills.ts';
import type { PointsRead, RestoreRead } from '#aggregator/core/restore/restore-read.ts';
import type { NewOffsets } from '#contracts/log/added.ts';
import type { ArchiveRow, CommitRow, PaneRow } from '#contracts/log/rows.ts';
import { OTHER } from '#contracts/metric/dimension.ts';
import { floorTo, isLate } from '#contracts/metric/pane.ts';
import { foldRows, pointsOf } from '#platform/store/memory/fold-rows.ts';
import type { PaneRange } from '#platform/store/store.ts';
import type { StoredPoint } from '#platform/store/stored-points.ts';
import { metricOf } from './metric-of.ts';
import { createSimTiers, type SimTiers } from './sim-tiers.ts';
import type { SimMetric } from './simulated-metrics.ts';

/** The Store as rule 1 needs it: rows replace each other by `next`, archive rows are unique by position. */
export interface SimStore {
  panes: Map<string, PaneRow>;
  archive: Map<string, ArchiveRow>;
  commits: Map<number, CommitRow>;
  tiers: SimTiers;
  putPane(row: PaneRow): void;
  putArchive(row: ArchiveRow): void;
  putCommit(row: CommitRow): void;
  answer(partition: number, read: RestoreRead): unknown;
  points(partition: number, read: PointsRead): StoredPoint[];
  /** A reader's rows: all parts of a metric version, panes in [from, to), as they are now. */
  readPanes(range: PaneRange): PaneRow[];
  /** The stand-in for the SQL fold: a plain sum over archive rows below `before` that were neither imported nor late. */
  sqlFold(metric: SimMetric, partition: number, before: number): PaneRow[];
  /** The same over added events. */
  foldAdded(metric: SimMetric, partition: number, added: NonNullable<Lacking['added']>): PaneRow[];
}

export const paneKey = (row: Pick<PaneRow, 'metric' | 'version' | 'part' | 'pane' | 'group'>): string =>
  `${row.metric}@${row.version} ${row.part} ${row.pane} ${row.group.join()}`;

export function createSimStore(): SimStore {
  const panes = new Map<string, PaneRow>();
  const archive = new Map<string, ArchiveRow>();
  const commits = new Map<number, CommitRow>();
  const putPane = (row: PaneRow): void => {
    const key = paneKey(row);
    if ((panes.get(key)?.next ?? -1) <= row.next) panes.set(key, structuredClone(row));
  };
  const rowsOf = (partition: number, before: number): ArchiveRow[] =>
    [...archive.values()]
      .filter((r) => r.part === partition && r.offset < before)
      .sort((a, b) => a.offset - b.offset || a.index - b.index);
  const points = (partition: number, read: PointsRead): StoredPoint[] =>
    pointsOf(rowsOf(partition, Infinity), read, aggregateOf(read.metric.aggregate));
  return {
    points,
    panes,
    archive,
    commits,
    tiers: createSimTiers(panes),
    putPane,
    putArchive: (row) => archive.set(`${row.part} ${row.offset} ${row.index}`, { ...row }),
    putCommit(row) {
      if ((commits.get(row.part)?.next ?? -1) <= row.next) commits.set(row.part, structuredClone(row));
    },
    answer(partition, read) {
      if (read.read === 'commit') return structuredClone(commits.get(partition) ?? null);
      if (read.read === 'ids') {
        const live = rowsOf(partition, read.before).filter((r) => r.id !== null && r.ts > read.after);
        return live.slice(-read.limit);
      }
      if (read.read === 'turn') return undefined;
      if (read.read === 'points') return points(partition, read);
      const { metric, version, from, to } = read;
      const wanted = (r: PaneRow) =>
        r.metric === metric &&
        r.version === version &&
        r.part === String(partition) &&
        r.pane >= from &&
        r.pane < to;
      return structuredClone([...panes.values()].filter(wanted));
    },
    readPanes: ({ metric, version, from, to }) =>
      [...panes.values()].filter(
        (r) => r.metric === metric && r.version === version && r.pane >= from && r.pane < to,
      ),
    sqlFold(metric, partition, before) {
      const rows = rowsOf(partition, before).filter(
        (row) => !row.imported && !isLate(row.ts, metric.lateness, row.watermark),
      );
      const { id, version } = metric;
      if (metric.hold !== null) {
        const of = metricOf({ metric: id, definition: metric.definition })!;
        const scope = { metric: of, version, part: `~${partition}`, next: before, groups: 1 };
        return foldRows(scope, rows, aggregateOf(of.aggregate));
      }
      // What is grouped is there from the beginning, and has no history.
      return sumRows({ ...metric, grouped: false }, rows, { part: `~${partition}`, next: before, groups: 1 });
    },
    foldAdded(metric, partition, { imports, late, caps }) {
      if (metric.hold !== null) return [];
      const boundsOf = (row: ArchiveRow): NewOffsets | null => {
        if (row.imported) return imports;
        return isLate(row.ts, metric.lateness, row.watermark) ? late : null;
      };
      const spanOf = ({ ts }: ArchiveRow): number => floorTo(ts, 2 * metric.pane);
      const rows = rowsOf(partition, Infinity).filter((row) => row.offset < (boundsOf(row)?.before ?? 0));
      const concerned = new Set(rows.filter((row) => row.offset >= boundsOf(row)!.from).map(spanOf));
      const inSpans = rows.filter((row) => concerned.has(spanOf(row)));
      const next = Math.max(imports.before, late.before);
      return sumRows(metric, inSpans, { part: `+${partition}`, next, groups: caps.groups });
    },
  };
}

/** Rows of a fold: sums by pane and group, where the first groups of a pane keep their names, of imported events and of others. */
function sumRows(
  { id, version, pane, only, grouped }: SimMetric,
  rows: readonly ArchiveRow[],
  { part, next, groups }: { part: string; next: number; groups: number },
): PaneRow[] {
  const made = new Map<string, PaneRow>();
  const named = new Map<string, Set<string>>();
  for (const row of rows) {
    const { g, n } = JSON.parse(row.properties) as { g: string; n: unknown };
    if (typeof n !== 'number' || (only !== null && !only.includes(g))) continue;
    const start = floorTo(row.ts, pane);
    const names = named.get(`${start} ${row.imported}`) ?? new Set();
    named.set(`${start} ${row.imported}`, names);
    if (names.size < groups) names.add(g);
    const group = grouped ? [names.has(g) ? g : OTHER] : [];
    const key = `${start} ${group}`;
    const sum = n + (made.get(key)?.state.nums[0] ?? 0);
    const state = { nums: [sum], keys: [], counts: [] };
    made.set(key, { metric: id, version, pane: start, group, part, state, next });
  }
  return [...made.values()];
}
