import { createOneAtATime } from '#platform/process/tasks/one-at-a-time.ts';
import { runInTurns } from '#platform/process/tasks/turns.ts';
import { FLUSH_ORDER, type Flush, type FlushStep } from '../core/flush.ts';
import type { Partition } from '../core/partition.ts';
import type { Shared } from '../deps.ts';
import type { Owner } from '../owner.ts';
import type { Publisher } from './publisher.ts';
import type { RejectedWriter } from './rejected-writer.ts';
import { createRowWriters } from './row-writers.ts';

/** Writes the partitions' results to the Store. */
export interface Flusher {
  /** One flush of these owners together, one insert a table. Rejects when a step fails; everything stays dirty then. */
  flush(owners: readonly Owner[]): Promise<void>;
  /** Resolves at the next commit, or at closing. */
  nextCommit(): Promise<void>;
}

interface Captured {
  live: Partition;
  flush: Flush;
  /** Of the last block in it. */
  received: number | null;
}

/** Between two blocks. Null where nothing is to be flushed. */
function capture({ live }: Owner): Captured | null {
  const flush = live.beginFlush();
  return flush === null ? null : { live, flush, received: live.received };
}

export function createFlusher(shared: Shared, publisher: Publisher, rejected: RejectedWriter): Flusher {
  const { log, store, clock, metrics, closing } = shared;
  const rows = createRowWriters(shared, rejected);
  const turns = createOneAtATime();
  let commit = Promise.withResolvers<void>();
  closing.addEventListener('abort', () => commit.resolve(), { once: true });

  const write: Record<FlushStep, (flushes: readonly Flush[]) => Promise<void>> = {
    updates: () => publisher.publish(),
    panes: (flushes) => rows.panes.write(flushes.flatMap((f) => f.panes)),
    archive: (flushes) => rows.archive.write(flushes.flatMap((f) => f.archive)),
    commits: (flushes) => store.insertCommits(flushes.map((f) => f.commit)),
  };
  const run = async (owners: readonly Owner[]): Promise<void> => {
    // Publishing encodes what has changed, in turns, so that little is left to encode when it is captured at once.
    if (owners.some(({ live }) => live.changed > 0)) await publisher.publish();
    const captured: Captured[] = [];
    const began = clock();
    try {
      for (const owner of owners) {
        const one = await owner.turns.run(() => capture(owner));
        if (one !== null) captured.push(one);
      }
      if (captured.length === 0) return;
      for (const step of FLUSH_ORDER) await write[step](captured.map((c) => c.flush));
    } catch (error) {
      for (const { live } of captured) live.abandonFlush();
      throw error;
    }
    for (const { live } of captured) live.commitFlush();
    for (const { live } of captured) await runInTurns(live.evicting());
    const ended = clock();
    metrics.observe('millrace_aggregator_flush_seconds', (ended - began) / 1_000);
    for (const { flush, received } of captured) {
      if (flush.archive.length === 0 || received === null) continue;
      metrics.observe('millrace_aggregator_archive_seconds', (ended - received) / 1_000);
    }
    commit.resolve();
    if (!closing.aborted) commit = Promise.withResolvers<void>();
    for (const { live } of captured) await log.release('events', live.partition, live.committedOffset);
  };
  return {
    flush: (owners) => turns.run(() => run(owners)),
    nextCommit: () => commit.promise,
  };
}
