import type { RestoreRead } from '#aggregator/core/restore/restore-read.ts';
import type { ArchiveRow, CommitRow, PaneRow } from '#contracts/log/rows.ts';
import { floorTo, isLate } from '#contracts/metric/pane.ts';
import type { PaneRange } from '#platform/store/store.ts';
import type { SimMetric } from './simulated-metrics.ts';

/** The Store as rule 1 needs it: rows replace each other by `next`, archive rows are unique by position. */
export interface SimStore {
  panes: Map<string, PaneRow>;
  archive: Map<string, ArchiveRow>;
  commits: Map<number, CommitRow>;
  putPane(row: PaneRow): void;
  putArchive(row: ArchiveRow): void;
  putCommit(row: CommitRow): void;
  answer(partition: number, read: RestoreRead): unknown;
  /** A reader's rows: all parts of a metric version, panes in [from, to), as they are now. */
  readPanes(range: PaneRange): PaneRow[];
  /** The stand-in for the SQL fold: a plain sum over archive rows below `before` that were not late. */
  sqlFold(metric: SimMetric, partition: number, before: number): PaneRow[];
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
  return {
    panes,
    archive,
    commits,
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
    sqlFold({ id, version, pane, lateness, only }, partition, before) {
      const sums = new Map<number, number>();
      for (const row of rowsOf(partition, before)) {
        const { g, n } = JSON.parse(row.properties) as { g: string; n: unknown };
        if (only !== null && !only.includes(g)) continue;
        if (typeof n !== 'number' || isLate(row.ts, lateness, row.watermark)) continue;
        const start = floorTo(row.ts, pane);
        sums.set(start, (sums.get(start) ?? 0) + n);
      }
      return [...sums].map(([start, sum]) => ({
        metric: id,
        version,
        pane: start,
        group: [],
        part: `~${partition}`,
        state: { nums: [sum], keys: [], counts: [] },
        next: before,
      }));
    },
  };
}
