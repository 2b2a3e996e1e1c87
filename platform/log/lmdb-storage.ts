import { type Database, open, type RootDatabase } from 'lmdb';
import { MillraceError, shown } from '#contracts/errors.ts';
import type { TopicName, TopicSpec } from '#contracts/topics.ts';
import { checkHead, checkRecords, damaged, padShortFile } from './lmdb-damage.ts';
import { awaitWrites, cannotOpen } from './lmdb-outcome.ts';
import { emptyState, type PartitionState, type PartitionWrite, type Storage } from './storage.ts';

const FORMAT = 1;
/** Named databases of one environment: every partition has one, whose keys are offsets, so that appends fill its pages in order. */
const MAX_DATABASES = 1_200;

/** Storage in an LMDB environment in an existing folder. Throws MillraceError `unsupported_format` or `log_damaged`. */
export function openLmdbStorage(folder: string): Storage {
  checkHead(folder);
  const env = openEnvironment(folder);
  const { lastPageNumber, pageSize } = env.getStats() as Record<'lastPageNumber' | 'pageSize', number>;
  const undo = padShortFile(folder, (lastPageNumber + 1) * pageSize);
  if (undo === null) return createStorage(env, folder);
  try {
    const storage = createStorage(env, folder);
    checkRecords(storage, folder);
    return storage;
  } catch (error) {
    // As it was found: the next start must come to the same.
    undo();
    throw error instanceof MillraceError
      ? error
      : damaged(folder, `its end is missing, ${(error as Error).message}`);
  }
}

const openEnvironment = (folder: string): RootDatabase<Uint8Array, number> =>
  open({
    path: folder,
    // With overlapping syncs a commit would resolve, and be seen, before it is on disk.
    overlappingSync: false,
    // Commits are batches of our own; lmdb's would fail with a promise that nobody can reach.
    eventTurnBatching: false,
    maxDbs: MAX_DATABASES,
    encoding: 'binary',
  });

function createStorage(env: RootDatabase<Uint8Array, number>, folder: string): Storage {
  const meta: Database<unknown, string> = env.openDB({ name: 'meta', encoding: 'json' });
  const partitions = new Map<string, Database<Uint8Array, number>>();
  const format = meta.get('format');
  if (format === undefined) meta.putSync('format', FORMAT);
  else if (format !== FORMAT) throw unknownFormat(folder, format);

  const partitionOf = (topic: TopicName, partition: number): Database<Uint8Array, number> => {
    const name = `${topic}/${partition}`;
    const database = partitions.get(name) ?? env.openDB<Uint8Array, number>({ name, encoding: 'binary' });
    partitions.set(name, database);
    return database;
  };
  const put = ({
    topic,
    partition,
    first,
    records,
    dropFrom,
    dropTo,
    state,
  }: PartitionWrite): Promise<boolean>[] => {
    const database = partitionOf(topic, partition);
    const writes = records.map((bytes, i) => database.put(first + i, bytes));
    for (let offset = dropFrom; offset < dropTo; offset++) writes.push(database.remove(offset));
    writes.push(meta.put(`state/${topic}/${partition}`, state));
    return writes;
  };

  return {
    topics: () =>
      [...meta.getRange({ start: 'topic/', end: 'topic/~' })].map(({ value }) => value as TopicSpec),
    saveTopic: async (spec) => {
      try {
        await awaitWrites([meta.put(`topic/${spec.name}`, spec)]);
        for (let i = 0; i < spec.partitions; i++) partitionOf(spec.name, i);
      } catch (error) {
        throw cannotOpen(folder, error);
      }
    },
    readState: (topic, partition) => {
      env.resetReadTxn();
      return (meta.get(`state/${topic}/${partition}`) as PartitionState | undefined) ?? emptyState();
    },
    commit: async (writes) => {
      const parts: Promise<boolean>[] = [];
      const batch = env.batch(() => parts.push(...writes.flatMap(put)));
      await awaitWrites([batch, ...parts]);
      // Pages freed by a commit serve from the one after the next on: on a full disk no append would get there.
      if (writes.some((write) => write.dropTo > write.dropFrom))
        await awaitWrites([meta.put('format', FORMAT)]);
      // A read transaction that began before the commit would not see it.
      env.resetReadTxn();
    },
    read: (topic, partition, offset) => partitionOf(topic, partition).getBinary(offset) ?? null,
    peek: (topic, partition, offset) => partitionOf(topic, partition).getBinaryFast(offset) ?? null,
    close: () => env.close(),
  };
}

const unknownFormat = (folder: string, format: unknown): MillraceError =>
  new MillraceError({
    code: 'unsupported_format',
    message: `The log in ${folder} has format ${shown(format)}; this version reads ${FORMAT}.`,
  });
