import { MillraceError } from '#contracts/errors.ts';
import { isFinal } from '#contracts/pane.ts';
import type { ActiveMetric, CommitRow, PaneRow } from '#contracts/rows.ts';
import { compileMetric } from './compile-metric.ts';
import { readIdsAfter } from './id-window.ts';

/** What remains of a first copy: (key, id), position and time. */
export interface RestoredId {
  key: string | null;
  id: string;
  offset: number;
  index: number;
  ts: number;
}

/** A read that the restore needs answered before it can go on. */
export type RestoreRead =
  | { read: 'commit' }
  | { read: 'panes'; metric: string; version: number; from: number }
  | { read: 'ids'; before: number; after: number; limit: number };

/** Everything a partition owner begins with. */
export interface Restored {
  commit: CommitRow | null;
  panes: PaneRow[];
  ids: RestoredId[];
}

/**
 * Reads a partition back: the commit row first, then pane rows, then ids of archive rows below P. Rows may be ahead
 * of the commit, never behind it. The caller answers each yielded read through `next(answer)`: a `CommitRow | null`,
 * `PaneRow[]` or `RestoredId[]`.
 */
export function* restorePartition(): Generator<RestoreRead, Restored, unknown> {
  const commit = (yield { read: 'commit' }) as CommitRow | null;
  if (commit === null) return { commit, panes: [], ids: [] };
  const { facts } = commit;
  const panes: PaneRow[] = [];
  for (const active of facts.active) panes.push(...(yield* readOpenPanes(active, commit)));
  const { from } = facts.ids;
  const after = readIdsAfter(facts.ids);
  const read = (yield { read: 'ids', before: commit.next, after, limit: facts.settings.ids }) as RestoredId[];
  return { commit, panes, ids: read.filter((id) => id.offset >= from) };
}

function* readOpenPanes(active: ActiveMetric, commit: CommitRow): Generator<RestoreRead, PaneRow[], unknown> {
  const { watermark } = commit.facts;
  const compiled = compileMetric(active.metric, active.definition, Infinity);
  if (!compiled.ok) throw new MillraceError(compiled.fault);
  const { pane, lateness } = compiled.value.metric;
  const from = watermark === null ? 0 : Math.max(0, watermark - lateness - pane + 1);
  const rows = (yield { read: 'panes', metric: active.metric, version: active.version, from }) as PaneRow[];
  return rows.filter((row) => !isFinal(row.pane, pane, lateness, watermark));
}
