import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Database, open, type RootDatabase } from 'lmdb';
import { MillraceError } from '#contracts/errors.ts';
import type { TopicName } from '#contracts/log/topics.ts';
import type { DiskGuard, DiskUse } from '#platform/disk/disk-guard.ts';
import { isWhole, recordTime, sealRecord } from '../local/record-codec.ts';
import { emptyState, type PartitionWrite, type Storage } from '../local/storage.ts';
import { checkHead, checkRecords, damaged, padShortFile } from './lmdb-damage.ts';
import { openLmdbMeta } from './lmdb-meta.ts';
import { awaitWrites, cannotOpen } from './lmdb-outcome.ts';
import { type LmdbReserve, mostBytes, openLmdbReserve, PAGE } from './lmdb-reserve.ts';
import { type LogSnapshot, pinSnapshot } from './lmdb-snapshot.ts';

/** Named databases of one environment: every partition has one, whose keys are offsets, so that appends fill its pages in order. */
const MAX_DATABASES = 1_200;
/** The lock file with room for LMDB's own number of readers. */
const LOCK_BYTES = 3 * PAGE;

/** What a new environment and its first databases take, and a topic's databases for each partition. */
const NEW_BYTES = 64 * PAGE;
const TOPIC_BYTES = 16 * PAGE;

export interface LmdbStorage extends Storage {
  /** Pins the last commit, so that its file can be copied while others follow. */
  snapshot(): Promise<LogSnapshot>;
}

/**
 * Storage in an LMDB environment in an existing folder. Rejects with MillraceError `unsupported_format`, `log_damaged`,
 * or `disk_full` where a new one has no room.
 */
export async function openLmdbStorage(folder: string, guard: DiskGuard | null = null): Promise<LmdbStorage> {
  checkHead(folder);
  const isNew = prepareFiles(folder, guard);
  const env = openEnvironment(folder);
  const end = (): number => {
    const { lastPageNumber, pageSize } = env.getStats() as Record<'lastPageNumber' | 'pageSize', number>;
    return (lastPageNumber + 1) * pageSize;
  };
  const undo = padShortFile(folder, end());
  const reserve = await openLmdbReserve({ folder, guard, end });
  try {
    if (isNew) await reserve.hold(NEW_BYTES, 'internal');
    const storage = createStorage(env, folder, reserve);
    if (undo !== null) checkRecords(storage, folder);
    return storage;
  } catch (error) {
    await reserve.close();
    if (undo === null) throw error;
    // As it was found: the next start must come to the same.
    undo();
    throw error instanceof MillraceError
      ? error
      : damaged(folder, `its end is missing, ${(error as Error).message}`);
  }
}

/**
 * Whether the environment is new. Where LMDB would make files, there must be room: it maps the lock file, and to touch a
 * mapped page without a block ends the process.
 */
function prepareFiles(folder: string, guard: DiskGuard | null): boolean {
  const data = statSync(join(folder, 'data.mdb'), { throwIfNoEntry: false });
  const isNew = data === undefined || data.size === 0;
  const lock = join(folder, 'lock.mdb');
  const hasLock = existsSync(lock);
  if (isNew || !hasLock) guard?.check('internal');
  if (!hasLock) writeFileSync(lock, Buffer.alloc(LOCK_BYTES));
  return isNew;
}

const openEnvironment = (folder: string): RootDatabase<Uint8Array, number> =>
  open({
    path: folder,
    // With overlapping syncs a commit would resolve, and be seen, before it is on disk.
    overlappingSync: false,
    // Commits are batches of our own; those of lmdb would fail with a promise that cannot be reached.
    eventTurnBatching: false,
    maxDbs: MAX_DATABASES,
    encoding: 'binary',
  });

function createStorage(
  env: RootDatabase<Uint8Array, number>,
  folder: string,
  reserve: LmdbReserve,
): LmdbStorage {
  const meta = openLmdbMeta(env, folder);
  const partitions = new Map<string, Database<Uint8Array, number>>();

  const partitionOf = (topic: TopicName, partition: number): Database<Uint8Array, number> => {
    const name = `${topic}/${partition}`;
    const database = partitions.get(name) ?? env.openDB<Uint8Array, number>({ name, encoding: 'binary' });
    partitions.set(name, database);
    return database;
  };
  const put = (write: PartitionWrite): Promise<boolean>[] => {
    const { topic, partition, first, records, dropFrom, dropTo, state } = write;
    const database = partitionOf(topic, partition);
    const writes = records.map((bytes, i) => {
      const offset = first + i;
      return database.put(offset, sealRecord(bytes, { topic, partition, offset }));
    });
    for (let offset = dropFrom; offset < dropTo; offset++) writes.push(database.remove(offset));
    writes.push(meta.writeState(topic, partition, state));
    return writes;
  };

  return {
    topics: meta.topics,
    saveTopic: async (spec) => {
      if (isDeepStrictEqual(meta.topic(spec.name), spec)) return;
      try {
        await reserve.hold(TOPIC_BYTES * (spec.partitions + 1), 'internal');
        await awaitWrites([meta.saveTopic(spec)]);
        for (let i = 0; i < spec.partitions; i++) partitionOf(spec.name, i);
      } catch (error) {
        throw cannotOpen(folder, error);
      }
    },
    readState: (topic, partition) => {
      env.resetReadTxn();
      const state = meta.readState(topic, partition);
      if (state !== null) return state;
      // Its name in the file may be what was damaged: offsets would start again at 0.
      if (partitionOf(topic, partition).getKeysCount({ limit: 1 }) === 0) return emptyState();
      throw damaged(folder, `it has records of ${topic}/${partition} but no record count`);
    },
    commit: async (writes) => {
      await reserve.hold(mostBytes(writes), useOf(writes));
      const parts: Promise<boolean>[] = [];
      const batch = env.batch(() => parts.push(...writes.flatMap(put)));
      await awaitWrites([batch, ...parts]);
      // Pages freed by a commit serve from the one after the next on: on a full disk no append would get there.
      if (writes.some((write) => write.dropTo > write.dropFrom)) await awaitWrites([meta.touch()]);
      // A read transaction that began before the commit would not see it.
      env.resetReadTxn();
      reserve.checkPlace();
    },
    read(topic, partition, offset) {
      const bytes = get(() => partitionOf(topic, partition).getBinary(offset));
      if (bytes === undefined) return null;
      if (bytes !== null && isWhole(bytes, { topic, partition, offset })) return bytes;
      throw damaged(folder, `record ${offset} of ${topic}/${partition} is corrupt`);
    },
    peek(topic, partition, offset) {
      const bytes = get(() => partitionOf(topic, partition).getBinaryFast(offset));
      if (bytes === undefined) return null;
      if (bytes === null) return { time: null, bytes: 0 };
      // It lies in a larger buffer of the engine's, whose own `length` alone says where it ends.
      const record = bytes.subarray(0, bytes.length);
      const whole = isWhole(record, { topic, partition, offset });
      return { time: whole ? recordTime(record, offset) : null, bytes: record.length };
    },
    snapshot: () => pinSnapshot(env, folder),
    close: async () => {
      await env.close();
      await reserve.close();
    },
  };
}

/** What clients send keeps the whole distance from a full disk, what Millrace appends itself half of it. */
export const appendUse = (topic: TopicName): DiskUse =>
  topic === 'events' || topic === 'rejected' ? 'events' : 'internal';

function useOf(writes: readonly PartitionWrite[]): DiskUse {
  const appends = writes.filter(({ records }) => records.length > 0);
  if (appends.length === 0) return 'upkeep';
  return appends.some(({ topic }) => appendUse(topic) === 'events') ? 'events' : 'internal';
}

/** What is stored; undefined where there is nothing, null where the engine itself cannot read it. */
function get<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
