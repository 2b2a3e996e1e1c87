import { MillraceError } from '#contracts/errors.ts';
import type { ConsumerHandlers, StoredRecord } from '../log.ts';
import type { LocalPartition } from './local-partition.ts';
import { type Reader, startReader } from './local-reader.ts';

/** A consumer of a group. */
export interface Member {
  readonly handlers: ConsumerHandlers;
  /** Partitions it owns now. */
  held: number;
  /** Left or failed: its partitions go elsewhere. */
  ended: boolean;
  /** What it failed with. */
  error: Error | null;
  /** Called when it has ended and holds nothing. */
  readonly gone: () => void;
}

/** A partition on its way from owner to owner: `handOver` brings `owner` to `wanted`. */
export interface PartitionHandover {
  readonly partition: LocalPartition;
  wanted: Member | null;
  owner: Member | null;
  reader: Reader | null;
  moving: boolean;
}

export interface HandoverDeps {
  read(partition: LocalPartition, from: number): StoredRecord[];
  /** A handler of the member threw: it ends, and its partitions get other wanted owners. */
  fail(member: Member, error: unknown): void;
}

export const createHandover = (partition: LocalPartition): PartitionHandover => ({
  partition,
  wanted: null,
  owner: null,
  reader: null,
  moving: false,
});

/** Runs until the owner is the wanted one, however often that changes meanwhile; one call at a time per partition. */
export async function handOver(handover: PartitionHandover, deps: HandoverDeps): Promise<void> {
  if (handover.moving) return;
  handover.moving = true;
  while (handover.owner !== handover.wanted) {
    if (handover.owner !== null) await leave(handover, handover.owner, deps);
    else await enter(handover, handover.wanted!, deps);
  }
  handover.moving = false;
}

async function leave(handover: PartitionHandover, member: Member, { fail }: HandoverDeps): Promise<void> {
  await handover.reader?.stop();
  handover.reader = null;
  try {
    if (member.error === null) await member.handlers.revoked(handover.partition.number);
  } catch (error) {
    fail(member, error);
  }
  handover.owner = null;
  member.held--;
  if (member.ended && member.held === 0) member.gone();
}

async function enter(
  handover: PartitionHandover,
  member: Member,
  { read, fail }: HandoverDeps,
): Promise<void> {
  const { partition } = handover;
  handover.owner = member;
  member.held++;
  try {
    const from = await member.handlers.assigned(partition.number);
    // Taken away while it was getting ready.
    if (handover.wanted !== member) return;
    handover.reader = startReader({
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
