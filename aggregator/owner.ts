import type { PartitionCounters } from '#contracts/log/rows.ts';
import type { PartitionProgress } from '#contracts/log/update.ts';
import { maxKnown } from '#contracts/min-known.ts';
import { createOneAtATime, type OneAtATime } from '#platform/process/tasks/one-at-a-time.ts';
import type { Partition } from './core/partition.ts';

/** How long a partition must be quiet until it counts as complete up to now (rule 2), ms. */
const IDLE = 2_000;

/** What a partition has counted since the log began. */
export interface Counted {
  counters: PartitionCounters;
  droppedIds: number;
  idsNotRemembered: number;
  late: Map<string, number>;
  overflowed: Map<string, number>;
}

export const countedBy = ({
  counters,
  droppedIds,
  idsNotRemembered,
  countsByMetric,
}: Partition): Counted => ({
  counters: { ...counters },
  droppedIds,
  idsNotRemembered,
  late: new Map(countsByMetric.map(({ metric, late }) => [metric, late])),
  overflowed: new Map(countsByMetric.map(({ metric, overflowed }) => [metric, overflowed])),
});

/** A partition that this worker owns: the core beside what only a clock and the log's bounds can tell. */
export interface Owner {
  readonly live: Partition;
  /** Folding a block and capturing the partition between two blocks exclude each other. */
  readonly turns: OneAtATime;
  /** What it had counted when it was opened: what came since is this process's own. */
  readonly opened: Counted;
  /** Up to when its results are complete, epoch ms; only rises. */
  asOf: number | null;
  /** Whether it had folded everything when the log's end was last read. */
  caughtUp: boolean;
  /** The log's end when it was last read. */
  end: number;
  /** Time of the last fold, or of the start. */
  foldedAt: number;
  /** Texts of the control blocks that it appended, each once, so that two workers never react to each other for ever. */
  readonly appended: Set<string>;
}

export const createOwner = (live: Partition, now: number): Owner => ({
  live,
  turns: createOneAtATime(),
  opened: countedBy(live),
  asOf: null,
  caughtUp: false,
  end: live.nextOffset,
  foldedAt: now,
  appended: new Set(),
});

/** Records the log's end; `before` is the time read before the call that returned `end`. */
export function noteEnd(owner: Owner, end: number, before: number): void {
  owner.end = end;
  owner.caughtUp = owner.live.nextOffset >= end;
  raiseAsOf(owner, owner.caughtUp ? before : owner.live.received);
}

export function raiseAsOf(owner: Owner, asOf: number | null): void {
  owner.asOf = maxKnown(owner.asOf, asOf);
}

/** The partition's line in a facts record. */
export function progressOf(owner: Owner, now: number): PartitionProgress {
  const { partition, nextOffset: next, committedOffset: committed, watermark, received } = owner.live;
  raiseAsOf(owner, received);
  const idle = owner.caughtUp && now - owner.foldedAt >= IDLE;
  return { partition, next, committed, watermark, asOf: owner.asOf, shown: idle ? owner.asOf : watermark };
}
