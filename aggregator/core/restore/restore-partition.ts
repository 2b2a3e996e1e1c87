import { DEFAULT_FOLD_SETTINGS } from '#contracts/log/control.ts';
import type { CommitRow, PartitionFacts } from '#contracts/log/rows.ts';
import type { HashKey } from '../dedup/hash-id.ts';
import { createIdWindow, type IdWindow } from '../dedup/id-window.ts';
import { restoreIds } from './restore-ids.ts';
import { type RestoredPanes, restorePanes } from './restore-panes.ts';
import type { RestoreRead } from './restore-read.ts';
import { type RestoredSequences, restoreSequences } from './restore-sequences.ts';

/** What the metrics of a partition begin with. */
export interface RestoredStates extends RestoredPanes {
  sequences: RestoredSequences[];
}

/** Everything a partition owner begins with. */
export interface Restored extends RestoredStates {
  commit: CommitRow | null;
  /** The live ids, hashed under the key that the partition must go on with. */
  ids: IdWindow;
}

/** Before the first commit. */
export const restoredEmpty = (): Restored => ({
  commit: null,
  panes: [],
  cold: [],
  sequences: [],
  ids: createIdWindow(FIRST_FACTS.ids),
});

/**
 * Reads a partition back: the commit row first, then pane rows, then points of sequences and ids of archive rows below the committed offset. Rows may be ahead
 * of the commit, never behind it. The caller answers each yielded read through `next(answer)`: a `CommitRow | null`,
 * `PaneRow[]`, `RestoredPoint[]` or `RestoredId[]`. States beyond `stateBytes` stay in the Store.
 */
export function* restorePartition(
  idKey: HashKey,
  stateBytes = Infinity,
): Generator<RestoreRead, Restored, unknown> {
  const commit = (yield { read: 'commit' }) as CommitRow | null;
  if (commit === null) return restoredEmpty();
  const states = yield* restorePanes(commit, stateBytes);
  const sequences = yield* restoreSequences(commit);
  return { commit, ...states, sequences, ids: yield* restoreIds(commit, idKey) };
}

/** The facts of a partition that has no commit row yet: constants of the format. */
export const FIRST_FACTS: PartitionFacts = {
  watermark: null,
  settings: DEFAULT_FOLD_SETTINGS,
  active: [],
  blocks: [],
  ids: { from: 0, after: null },
  caps: { latest: null, steps: [{ from: 0, groups: DEFAULT_FOLD_SETTINGS.groups }] },
  counters: { events: 0, duplicates: 0, repeatedBlocks: 0, rejected: 0, late: 0, skipped: 0 },
};
