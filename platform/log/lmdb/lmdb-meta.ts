import { crc32 } from 'node:zlib';
import type { Database, RootDatabase } from 'lmdb';
import { MillraceError, shown } from '#contracts/errors.ts';
import type { TopicName, TopicSpec } from '#contracts/log/topics.ts';
import type { PartitionState } from '../local/storage.ts';
import { damaged } from './lmdb-damage.ts';

/** Grows when the stored form of a record, or of what is kept here, changes. */
export const LOG_FORMAT = 2;

/** What the log knows beside its records: topics, and the bounds of their partitions. */
export interface LmdbMeta {
  /** Throws `log_damaged`, as `readState` does. */
  topics(): TopicSpec[];
  /** As it was saved; null where it was not. */
  topic(name: TopicName): TopicSpec | null;
  saveTopic(spec: TopicSpec): Promise<boolean>;
  /** Null while nothing has been written to the partition. */
  readState(topic: TopicName, partition: number): PartitionState | null;
  writeState(topic: TopicName, partition: number, state: PartitionState): Promise<boolean>;
  /** A commit that changes nothing. */
  touch(): Promise<boolean>;
}

/** Under every key a value and the checksum of both. */
interface Checked {
  value: unknown;
  sum: number;
}

/** Throws `unsupported_format` when another version has written the log. */
export function openLmdbMeta(env: RootDatabase<Uint8Array, number>, folder: string): LmdbMeta {
  const meta: Database<unknown, string> = env.openDB({ name: 'meta', encoding: 'json' });
  const format = meta.get('format');
  if (format === undefined) meta.putSync('format', LOG_FORMAT);
  else if (format !== LOG_FORMAT) throw unknownFormat(folder, format);

  const put = (key: string, value: object): Promise<boolean> =>
    meta.put(key, { value, sum: sumOf(key, value) } satisfies Checked);
  const open = (key: string, stored: unknown): unknown => {
    const { value, sum } = (stored ?? {}) as Partial<Checked>;
    if (value === undefined || sum !== sumOf(key, value)) throw damaged(folder, `${key} is corrupt`);
    return value;
  };
  return {
    topics: () =>
      [...meta.getRange({ start: 'topic/', end: 'topic/~' })].map(
        ({ key, value }) => open(key, value) as TopicSpec,
      ),
    topic(name) {
      const key = `topic/${name}`;
      const stored = meta.get(key);
      return stored === undefined ? null : (open(key, stored) as TopicSpec);
    },
    saveTopic: (spec) => put(`topic/${spec.name}`, spec),
    readState(topic, partition) {
      const key = `state/${topic}/${partition}`;
      const stored = meta.get(key);
      return stored === undefined ? null : (open(key, stored) as PartitionState);
    },
    writeState: (topic, partition, state) => put(`state/${topic}/${partition}`, state),
    touch: () => meta.put('format', LOG_FORMAT),
  };
}

const sumOf = (key: string, value: unknown): number => crc32(JSON.stringify(value), crc32(key));

const unknownFormat = (folder: string, format: unknown): MillraceError =>
  new MillraceError({
    code: 'unsupported_format',
    message: `The log in ${folder} has format ${shown(format)}; this version reads ${LOG_FORMAT}. Start the version that wrote it, or move it away together with its Store to start empty.`,
  });
