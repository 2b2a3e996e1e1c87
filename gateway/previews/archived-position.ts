import { type Fault, MillraceError } from '#contracts/errors.ts';
import { DEFAULT_FOLD_SETTINGS, type FillCaps, fillCaps, isSameCaps } from '#contracts/log/control.ts';
import type { CommitRow } from '#contracts/log/rows.ts';
import type { Store } from '#platform/store/store.ts';
import type { ViewHub } from '../core/view-hub.ts';

/** Up to where the archive is read, and what is known at that position. */
export interface ArchivedPosition {
  /** Epoch ms: up to when everything below the bounds is complete, and the watermark that readers see there. */
  asOf: number;
  shown: number | null;
  partitions: { partition: number; before: number }[];
  caps: FillCaps;
}

export interface PositionDeps {
  store: Pick<Store, 'readCommits'>;
  /** Resolves after `ms`; rejects when the process ends, or nobody waits any more. */
  wait(ms: number): Promise<void>;
  now(): number;
}

/** How long the archive may take to contain what the views show, ms: a flush is due every half second. */
const CATCH_UP = 5_000;
const LOOK_EVERY = 50;

/**
 * Takes the position that views are at, once the archive contains all of it: times that are shown as complete, or windows as closed,
 * are so in the archive too. Throws `not_ready` while the gateway joins, and `store_unavailable` where the archive stays behind.
 */
export async function takePosition(hub: ViewHub | null, deps: PositionDeps): Promise<ArchivedPosition> {
  if (hub === null || !hub.join.done) throw new MillraceError(NOT_READY);
  const { progress } = hub;
  const asOf = progress.lowest('asOf');
  if (asOf === null) throw new MillraceError(NOT_READY);
  const shown = progress.lowest('shown');
  const ends = Array.from({ length: progress.partitions }, (_, p) => progress.next(p));
  const commits = await awaitCommits(ends, deps);
  const partitions = commits.map(({ part, next }) => ({ partition: part, before: next }));
  return {
    asOf,
    shown,
    // Without any event there is still something to ask.
    partitions: partitions.length === 0 ? [{ partition: 0, before: 0 }] : partitions,
    caps: capsOf(commits),
  };
}

async function awaitCommits(
  ends: readonly number[],
  { store, wait, now }: PositionDeps,
): Promise<CommitRow[]> {
  for (const deadline = now() + CATCH_UP; ; ) {
    const commits = await store.readCommits();
    const isBehind = (end: number, partition: number): boolean =>
      (commits.find(({ part }) => part === partition)?.next ?? 0) < end;
    if (!ends.some(isBehind)) return commits;
    if (now() >= deadline) throw new MillraceError(BEHIND);
    await wait(LOOK_EVERY);
  }
}

/** The caps that a new metric gets in every partition; while they change, none of them is right for all. */
function capsOf(commits: readonly CommitRow[]): ArchivedPosition['caps'] {
  const [first = DEFAULT_FOLD_SETTINGS, ...more] = commits.map(({ facts }) => facts.settings);
  if (!more.every((other) => isSameCaps(other, first))) throw new MillraceError(CHANGING);
  return fillCaps(first);
}

const NOT_READY: Fault = {
  code: 'not_ready',
  message: 'The gateway is still joining the updates topic, or no aggregator reports yet.',
};
const BEHIND: Fault = {
  code: 'store_unavailable',
  message:
    'The archive is behind what the live views show: the Store is slow or away. Try again in a moment.',
};
const CHANGING: Fault = {
  code: 'not_ready',
  message: 'The caps of groups are being changed (MILLRACE_GROUPS). Try again in a moment.',
};
