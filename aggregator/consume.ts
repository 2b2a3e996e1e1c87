import type { Fault, MillraceError } from '#contracts/errors.ts';
import type { ConsumerHandlers, StoredRecord } from '#platform/log/log.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';
import { isTurnOver, nextTurn } from '#platform/process/tasks/turns.ts';
import { within } from '#platform/process/tasks/within.ts';
import type { Rejection } from './core/decode/decoded-block.ts';
import type { FoldSteps } from './core/restore/restore-read.ts';
import { LAST_FLUSH, type Shared } from './deps.ts';
import { openPartition, readForFold } from './open-partition.ts';
import type { Flusher } from './output/flusher.ts';
import { makeRoom } from './output/make-room.ts';
import type { Publisher } from './output/publisher.ts';
import type { RejectedWriter } from './output/rejected-writer.ts';
import { createOwner, type Owner } from './owner.ts';
import { reportFailure } from './report-failure.ts';

export interface ConsumeParts {
  publisher: Publisher;
  flusher: Flusher;
  rejected: RejectedWriter;
  stopped: StoppedPartitions;
  /** A partition was assigned to this worker and is restored. */
  joined(): void;
  failed(error: Error): void;
}

const SLOW_STORE: Fault = {
  code: 'store_unavailable',
  message: 'The last flush of a partition took too long; its next owner folds again from the commit row.',
};

/** Handles the partitions of `events` that the consumer group assigns to this worker. */
export function createHandlers(shared: Shared, parts: ConsumeParts): ConsumerHandlers {
  const { owners, clock, closing, logger } = shared;
  const { publisher, flusher, rejected, stopped } = parts;

  const publishAndYield = async (): Promise<void> => {
    if (!isTurnOver()) return;
    publisher.changed();
    await nextTurn();
  };
  const foldOne = async (owner: Owner, record: StoredRecord): Promise<void> => {
    const { live } = owner;
    const steps = live.foldInSteps(record);
    let step = steps.next();
    while (!step.done && step.value !== 'alone') {
      const rows = step.value && (await readForFold(live.partition, step.value, shared));
      // Closing: nothing of the block has been folded.
      if (rows === null) return;
      await publishAndYield();
      step = steps.next(rows);
    }
    const refused = step.done ? step.value : await owner.turns.run(() => finish(steps));
    rejected.add(live.partition, record.offset, refused);
    owner.foldedAt = clock();
    await publishAndYield();
  };
  const finish = async (steps: FoldSteps): Promise<Rejection[]> => {
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      await publishAndYield();
    }
  };
  const foldAll = async (owner: Owner, records: readonly StoredRecord[]): Promise<void> => {
    for (const record of records) {
      await makeRoom(shared, owner, flusher);
      if (closing.aborted) return;
      await foldOne(owner, record);
    }
  };
  return {
    async assigned(partition) {
      const live = await openPartition(partition, shared);
      owners.set(partition, createOwner(live, clock()));
      logger.info({ partition, next: live.nextOffset }, 'partition acquired');
      parts.joined();
      return live.nextOffset;
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
        // A statement of the Store that hangs must hold up neither a stop nor the others of the group.
        await within(flusher.flush([owner]), shared.lastFlush ?? LAST_FLUSH, SLOW_STORE);
      } catch (error) {
        // The next owner folds it again from its commit row.
        reportFailure(shared, 'flush', error);
      }
      owners.delete(partition);
      logger.info({ partition, next: owner.live.nextOffset }, 'partition released');
    },
    failed: parts.failed,
  };
}

/** Partitions of this worker whose next record cannot be read from the log. The others continue. */
export interface StoppedPartitions {
  add(partition: number, error: MillraceError): void;
  /** The partition is no longer assigned to this worker. */
  remove(partition: number): void;
  /** For `/ready`: the first of them and what to do; null where all is well. */
  describe(): string | null;
}

export function createStoppedPartitions(logger: Logger): StoppedPartitions {
  const words = new Map<number, string>();
  return {
    add(partition, { code, message }) {
      const text = `${message} The partition has stopped: restore Log and Store from the same backup.`;
      words.set(partition, text);
      logger.error({ partition, code }, text);
    },
    remove: (partition) => void words.delete(partition),
    describe() {
      const [first] = words.values();
      return first === undefined ? null : `aggregator: ${first}`;
    },
  };
}
