import { MillraceError } from '#contracts/errors.ts';
import { isFinal } from '#contracts/pane.ts';
import type { ActiveMetric, CommitRow, PaneRow } from '#contracts/rows.ts';
import { compileMetric } from './compile-metric.ts';
import { FIRST_FACTS } from './first-facts.ts';
import type { HashKey } from './hash-id.ts';
import { createIdWindow, type IdWindow } from './id-window.ts';
import { restoreIds } from './restore-ids.ts';
import type { RestoreRead } from './restore-read.ts';

/** Everything a partition owner begins with. */
export interface Restored {
  commit: CommitRow | null;
  panes: PaneRow[];
  /** The live ids, hashed under the key that the partition must go on with. */
  ids: IdWindow;
}

/** Before the first commit. */
export const restoredEmpty = (): Restored => ({
  commit: null,
  panes: [],
  ids: createIdWindow(FIRST_FACTS.ids),
});

/**
 * Reads a partition back: the commit row first, then pane rows, then ids of archive rows below P. Rows may be ahead
 * of the commit, never behind it. The caller answers each yielded read through `next(answer)`: a `CommitRow | null`,
 * `PaneRow[]` or `RestoredId[]`.
 */
export function* restorePartition(idKey: HashKey): Generator<RestoreRead, Restored, unknown> {
  const commit = (yield { read: 'commit' }) as CommitRow | null;
  if (commit === null) return restoredEmpty();
  const panes: PaneRow[] = [];
  for (const active of commit.facts.active) {
    // No spread: a call takes only so many arguments.
    for (const row of yield* readOpenPanes(active, commit)) panes.push(row);
  }
  return { commit, panes, ids: yield* restoreIds(commit, idKey) };
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
