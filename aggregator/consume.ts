import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ConsumerHandlers, StoredRecord } from '#platform/log/log.ts';
import type { Shared } from './deps.ts';
import type { Flusher } from './flusher.ts';
import { openPartition } from './open-partition.ts';
import { createOwner, type Owner } from './owner.ts';
import type { Publisher } from './publisher.ts';
import type { RejectedWriter } from './rejected-writer.ts';
import { reportFailure } from './report-failure.ts';
import type { StoppedPartitions } from './stopped-partitions.ts';

/** ms of folding after which others get their turn. */
const SLICE = 15;

export interface ConsumeParts {
  publisher: Publisher;
  flusher: Flusher;
  rejected: RejectedWriter;
  stopped: StoppedPartitions;
  /** A partition is ours and restored. */
  joined(): void;
  failed(error: Error): void;
}

/** What the worker does with the partitions of `events` that the group gives it. */
export function createHandlers(shared: Shared, parts: ConsumeParts): ConsumerHandlers {
  const { owners, clock, closing, settings, logger } = shared;
  const { publisher, flusher, rejected, stopped } = parts;

  const foldAll = async (owner: Owner, records: readonly StoredRecord[]): Promise<void> => {
    let began = clock();
    for (const record of records) {
      // The bound of what waits for the Store: not answering is what stops the log from handing out more.
      while (owner.live.pending >= settings.dirtyCells && !closing.aborted) await flusher.nextCommit();
      if (closing.aborted) return;
      const steps = owner.live.foldInSteps(record);
      for (let step = steps.next(); ; step = steps.next()) {
        if (clock() - began >= SLICE) {
          publisher.changed();
          await nextTurn();
          began = clock();
        }
        if (!step.done) continue;
        rejected.add(owner.live.partition, record.offset, step.value);
        owner.foldedAt = clock();
        break;
      }
    }
  };
  return {
    async assigned(partition) {
      const live = await openPartition(partition, shared);
      owners.set(partition, createOwner(live, clock()));
      logger.info({ partition, next: live.next }, 'partition taken over');
      parts.joined();
      return live.next;
    },
    async batch(partition, records) {
      const owner = owners.get(partition);
      if (owner === undefined) return;
      await foldAll(owner, records);
      publisher.changed();
    },
    stopped: stopped.add,
    async revoked(partition) {
      stopped.remove(partition);
      const owner = owners.get(partition);
      if (owner === undefined) return;
      try {
        await flusher.flush([owner]);
      } catch (error) {
        // The next owner folds it again from its commit row.
        reportFailure(shared, 'flush', error);
      }
      owners.delete(partition);
      logger.info({ partition, next: owner.live.next }, 'partition given up');
    },
    failed: parts.failed,
  };
}
