import { getRandomValues } from 'node:crypto';
import { MillraceError } from '#contracts/errors.ts';
import type { CommitRow, PaneRow } from '#contracts/log/rows.ts';
import type { Bounds } from '#platform/log/log.ts';
import { retryWithBackoff } from '#platform/process/tasks/retry-with-backoff.ts';
import { awaitTurn } from '#platform/process/tasks/turns.ts';
import type { PaneRange, Store } from '#platform/store/store.ts';
import type { HashKey } from './core/dedup/hash-id.ts';
import { Partition } from './core/partition.ts';
import { restorePartition } from './core/restore/restore-partition.ts';
import type { ColdRead, FoldAnswer, PointsRead, RestoreRead } from './core/restore/restore-read.ts';
import type { Shared } from './deps.ts';
import { PAUSE, pause } from './repeat.ts';
import { reportFailure } from './report-failure.ts';

/**
 * Reads a partition back from the Store in the core's order and checks that the log is still the same and still
 * holds the position. While the Store is away it retries until closing. Rejects with `log_identity_changed`,
 * `position_out_of_bounds` or `shutting_down`.
 */
export async function openPartition(partition: number, shared: Shared): Promise<Partition> {
  const { log, catalog } = shared;
  const idKey = randomKey();
  const reads = restorePartition(idKey, shared.settings.stateBytes);
  let step = reads.next();
  while (!step.done) {
    const read = step.value;
    step = reads.next(await patiently(shared, () => answer(partition, read, shared)));
  }
  const bounds = await patiently(shared, () => log.bounds('events'));
  checkCommit(partition, step.value.commit, bounds, catalog.identity);
  const replayUntil = bounds.find((b) => b.partition === partition)!.end;
  return new Partition({ partition, identity: catalog.identity, replayUntil, idKey }, step.value);
}

/** A key per owner: a sender that learnt it could choose ids that collide. */
function randomKey(): HashKey {
  const [k0, k1] = getRandomValues(new Uint32Array(2));
  return { k0: k0!, k1: k1! };
}

async function answer(partition: number, read: RestoreRead, { store }: Shared): Promise<unknown> {
  if (read.read === 'commit')
    return (await store.readCommits()).find((row) => row.part === partition) ?? null;
  if (read.read === 'panes') return readOwnPanes(partition, read, store);
  if (read.read === 'turn') return awaitTurn();
  if (read.read === 'points') return store.readPoints({ ...read, partition });
  return store.readIds(partition, read.before, read.after, read.limit);
}

/** The partition's own rows of a range of panes. */
async function readOwnPanes(partition: number, range: PaneRange, store: Store): Promise<PaneRow[]> {
  const rows = await store.readPanes(range);
  return rows.filter((row) => row.part === String(partition));
}

/** What a fold needs of the Store; retries until closing, and is null then. */
export async function readForFold(
  partition: number,
  read: ColdRead | PointsRead,
  shared: Shared,
): Promise<Exclude<FoldAnswer, undefined> | null> {
  const { store } = shared;
  const answer = async (): Promise<Exclude<FoldAnswer, undefined>> => {
    if ('read' in read) return store.readPoints({ ...read, partition });
    const { metric, version, from, to } = read;
    return readOwnPanes(partition, { metric, version, from, to }, store);
  };
  try {
    return await patiently(shared, answer);
  } catch (error) {
    if (shared.closing.aborted) return null;
    throw error;
  }
}

const patiently = <T>(shared: Shared, work: () => Promise<T>): Promise<T> =>
  retryWithBackoff(
    work,
    {
      ...PAUSE,
      attempts: Infinity,
      wait: async (ms) => {
        await pause(ms, shared.closing);
        if (shared.closing.aborted)
          throw new MillraceError({ code: 'shutting_down', message: 'The aggregator is closing.' });
      },
    },
    (error) => reportFailure(shared, 'restore', error),
  );

/** Throws when continuing would lose or double events: another log, or a position that it no longer holds. */
export function checkCommit(
  partition: number,
  commit: CommitRow | null,
  bounds: readonly Bounds[],
  identity: string,
): void {
  if (commit !== null && commit.identity !== identity) {
    const message = `The Store belongs to log ${commit.identity}, this is log ${identity}. Use the log that belongs to the Store, or an empty Store.`;
    throw new MillraceError({ code: 'log_identity_changed', message });
  }
  const held = bounds.find((b) => b.partition === partition);
  const next = commit?.next ?? 0;
  if (held === undefined || next < held.start || next > held.end) {
    const found = held === undefined ? 'no such partition' : `offsets ${held.start} to ${held.end}`;
    const message = `Partition ${partition} would continue at offset ${next}, but the log holds ${found}.`;
    throw new MillraceError({ code: 'position_out_of_bounds', message });
  }
}
