import { MillraceError } from '#contracts/errors.ts';
import type { ConsumerHandlers, StoredRecord } from '../log.ts';
import type { Partition } from './local-partition.ts';
import { type Reader, startReader } from './local-reader.ts';

/** A consumer of a group. */
export interface Member {
  readonly handlers: ConsumerHandlers;
  /** Lanes it owns now. */
  held: number;
  /** Left or failed: its lanes go elsewhere. */
  ended: boolean;
  /** What it failed with. */
  error: Error | null;
  /** Called when it has ended and holds nothing. */
  readonly gone: () => void;
}

/** One partition's way from owner to owner: `moveLane` brings `owner` to `wanted`. */
export interface Lane {
  readonly partition: Partition;
  wanted: Member | null;
  owner: Member | null;
  reader: Reader | null;
  moving: boolean;
}

export interface LaneDeps {
  read(partition: Partition, from: number): StoredRecord[];
  /** A handler of the member threw: it ends, and its lanes get other wanted owners. */
  fail(member: Member, error: unknown): void;
}

export const createLane = (partition: Partition): Lane => ({
  partition,
  wanted: null,
  owner: null,
  reader: null,
  moving: false,
});

/** Runs until the owner is the wanted one, however often that changes meanwhile; one call at a time per lane. */
export async function moveLane(lane: Lane, deps: LaneDeps): Promise<void> {
  if (lane.moving) return;
  lane.moving = true;
  while (lane.owner !== lane.wanted) {
    if (lane.owner !== null) await leave(lane, lane.owner, deps);
    else await enter(lane, lane.wanted!, deps);
  }
  lane.moving = false;
}

async function leave(lane: Lane, member: Member, { fail }: LaneDeps): Promise<void> {
  await lane.reader?.stop();
  lane.reader = null;
  try {
    if (member.error === null) await member.handlers.revoked(lane.partition.number);
  } catch (error) {
    fail(member, error);
  }
  lane.owner = null;
  member.held--;
  if (member.ended && member.held === 0) member.gone();
}

async function enter(lane: Lane, member: Member, { read, fail }: LaneDeps): Promise<void> {
  const { partition } = lane;
  lane.owner = member;
  member.held++;
  try {
    const from = await member.handlers.assigned(partition.number);
    // Taken away while it was getting ready.
    if (lane.wanted !== member) return;
    lane.reader = startReader({
      partition,
      from,
      read,
      handler: (records) => member.handlers.batch(partition.number, records),
      failed: (error) => {
        const { stopped } = member.handlers;
        if (stopped !== undefined && isDamage(error)) stopped(partition.number, error);
        else fail(member, error);
      },
    });
  } catch (error) {
    fail(member, error);
  }
}

const isDamage = (error: unknown): error is MillraceError =>
  error instanceof MillraceError && error.code === 'log_damaged';
