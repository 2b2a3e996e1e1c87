import { encodeUpdate, type PartitionProgress, type Update } from '#contracts/update.ts';
import { createOneAtATime } from '#platform/process/one-at-a-time.ts';
import { runInTurns } from '#platform/process/turns.ts';
import { encodeCells, joinUpdates } from './core/encode-updates.ts';
import type { Publication, PublicationBounds } from './core/publication.ts';
import type { Shared } from './deps.ts';
import { noteEnd, type Owner, progressOf } from './owner.ts';
import { pause } from './repeat.ts';
import { reportFailure } from './report-failure.ts';

/** Above so many bytes a tick, the next one comes later. */
const FULL_TICK = 1_000_000;
const LONGEST_TICK = 1_000;
/** States that are taken at once, and appended before more are. */
const PIECE: PublicationBounds = { cells: 2_000, bytes: 2_000_000 };

/** The only writer of the `updates` topic in a worker: appends follow each other, so a later state never overtakes an earlier one. */
export interface Publisher {
  /** Something was folded: it goes out at once after quiet, else with the next tick. */
  changed(): void;
  /**
   * After all that is under way, takes what has changed and appends it with one facts record behind. Rejects when the
   * Log does not take it; it is put back then.
   */
  publish(): Promise<void>;
  /** Appends other updates, together. */
  announce(updates: readonly Update[]): Promise<void>;
  /** Resolves when nothing is under way. */
  rest(): Promise<void>;
}

/** What a partition had changed as a publication began: what changes meanwhile comes with the next. */
interface Due {
  owner: Owner;
  left: number;
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
  /** Appends what these publications hold, and the facts behind it; returns the length of it. */
  const appendPiece = async (publications: readonly Publication[], facts: string[]): Promise<number> => {
    try {
      const texts: string[] = [];
      for (const update of joinUpdates(publications.flatMap((p) => p.updates)))
        texts.push(...(await runInTurns(encodeCells(update))));
      texts.push(...facts);
      if (texts.length > 0) await append(texts);
      for (const publication of publications) publication.acknowledge();
      return texts.reduce((sum, text) => sum + text.length, 0);
    } catch (error) {
      for (const publication of publications) publication.putBack();
      throw error;
    }
  };
  const publishAll = async (): Promise<void> => {
    const now = clock();
    const due: Due[] = [];
    // The facts are of before what is taken: states may be ahead of them, never behind.
    const partitions: PartitionProgress[] = [];
    for (const owner of owners.values()) {
      const left = await owner.turns.run(() => {
        partitions.push(progressOf(owner, now));
        return owner.live.changed;
      });
      due.push({ owner, left });
    }
    const facts = partitions.length === 0 ? [] : [encodeUpdate({ kind: 'facts', partitions })];
    let bytes = 0;
    for (let isLast = false; !isLast; ) {
      const publications = await takePiece(due);
      isLast = due.every(({ left }) => left === 0);
      bytes += await appendPiece(publications, isLast ? facts : []);
    }
    quietUntil = clock() + Math.min(LONGEST_TICK, settings.tick * Math.max(1, bytes / FULL_TICK));
  };
  const publish = (): Promise<void> => turns.run(publishAll);
  /** Partitions without events are as far as the others, which only the log's ends can tell. */
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

/** The next of what is due, of one partition after the other, until the piece is full. */
async function takePiece(due: Due[]): Promise<Publication[]> {
  const publications: Publication[] = [];
  let room = PIECE.cells;
  for (const each of due) {
    if (each.left === 0 || room === 0) continue;
    const { live, turns } = each.owner;
    const cells = Math.min(each.left, room);
    const publication = await turns.run(() => live.takeUpdates({ ...PIECE, cells }));
    publications.push(publication);
    room -= publication.cells;
    each.left = publication.cells === 0 ? 0 : each.left - publication.cells;
  }
  return publications;
}
