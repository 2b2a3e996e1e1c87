import { encodeUpdate, type Update } from '#contracts/log/update.ts';
import { createOneAtATime } from '#platform/process/tasks/one-at-a-time.ts';
import type { Shared } from '../deps.ts';
import { noteEnd } from '../owner.ts';
import { pause } from '../repeat.ts';
import { reportFailure } from '../report-failure.ts';
import { publishPieces } from './publish-pieces.ts';

/** Bytes of a tick above which the next one is delayed. */
const FULL_TICK = 1_000_000;
const LONGEST_TICK = 1_000;

/** The only writer of the `updates` topic in a worker: appends follow each other, so a later state never overtakes an earlier one. */
export interface Publisher {
  /** Something was folded: it goes out at once after quiet, else with the next tick. */
  changed(): void;
  /**
   * Appends what has changed, and one facts record after it, when all that is under way has ended. Rejects when the
   * append fails; the changes are published again later.
   */
  publish(): Promise<void>;
  /** Appends other updates, together. */
  announce(updates: readonly Update[]): Promise<void>;
  /** Resolves when nothing is under way. */
  rest(): Promise<void>;
}

export function createPublisher(shared: Shared): Publisher {
  const { log, owners, clock, settings, closing } = shared;
  const turns = createOneAtATime();
  let ticking = false;
  let dirty = false;
  let quietUntil = 0;

  const append = async (texts: readonly string[]): Promise<void> => {
    const records = texts.map((text) => ({ key: null, value: Buffer.from(text), headers: {} }));
    await log.append('updates', 0, records);
  };
  const publishAll = async (): Promise<void> => {
    const bytes = await publishPieces([...owners.values()], clock(), append);
    quietUntil = clock() + Math.min(LONGEST_TICK, settings.tick * Math.max(1, bytes / FULL_TICK));
  };
  const publish = (): Promise<void> => turns.run(publishAll);
  /** Partitions without events are as far as the others, which only the log's ends can show. */
  const lookAtEnds = async (): Promise<void> => {
    const before = clock();
    for (const { partition, end } of await log.bounds('events')) {
      const owner = owners.get(partition);
      if (owner !== undefined) noteEnd(owner, end, before);
    }
  };
  /** Runs while there are changes; ends after a tick without any. */
  const tick = async (): Promise<void> => {
    ticking = true;
    while (dirty && !closing.aborted) {
      // Never longer than a tick can be: the clock may have been set back meanwhile.
      await pause(Math.min(LONGEST_TICK, Math.max(0, quietUntil - clock())), closing);
      dirty = false;
      try {
        await publish();
        await lookAtEnds();
        // Readers show a window when every partition has reached it: the last change must not wait for a heartbeat.
        if (!dirty) await publish();
      } catch (error) {
        reportFailure(shared, 'publish', error);
        dirty = true;
        quietUntil = clock() + LONGEST_TICK * Math.random();
      }
    }
    ticking = false;
  };
  return {
    changed() {
      dirty = true;
      if (!ticking) void tick();
    },
    publish,
    announce: (updates) => turns.run(() => append(updates.map(encodeUpdate))),
    rest: turns.rest,
  };
}
