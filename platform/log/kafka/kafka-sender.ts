import { setTimeout as wait } from 'node:timers/promises';
import { MillraceError } from '#contracts/errors.ts';
import { codeOf } from '#platform/process/code-of.ts';
import type { LogRecord } from '../log.ts';
import { unavailable } from './faults.ts';
import type { KafkaClient } from './kafka-client.ts';
import type { TopicTable } from './topics/kafka-topics.ts';

export interface SenderEvents {
  /** Called when a request is acknowledged, with the seconds that it took. */
  sent(seconds: number): void;
}

/** Appends of all callers in one queue: one request at a time, so that their order is that of the calls. */
export interface Sender {
  append(topic: string, partition: number, records: readonly LogRecord[]): Promise<number[]>;
  /** Resolves when every append is settled. */
  drain(): Promise<void>;
}

const RETRY = 200;

export function createSender(
  client: Pick<KafkaClient, 'send'>,
  topics: TopicTable,
  limits: SenderLimits,
  events: SenderEvents,
): Sender {
  const queue: PendingAppend[] = [];
  const open = new Set<Promise<unknown>>();
  let pending = 0;
  let running = false;

  const sendGroup = async ({ batches, members }: SendGroup): Promise<void> => {
    const began = performance.now();
    try {
      const firsts = await client.send(batches);
      events.sent((performance.now() - began) / 1_000);
      for (const { append, batch, index } of members)
        append.resolve(append.records.map((_, i) => firsts[batch]! + index + i));
    } catch (error) {
      for (const { append } of members) append.reject(unavailable('The records could not be written', error));
    }
    for (const { append } of members) pending -= append.bytes;
  };

  /** Not sent yet, and not any more. */
  const drop = (append: PendingAppend): void => {
    const at = queue.indexOf(append);
    if (at >= 0) pending -= queue.splice(at, 1)[0]!.bytes;
  };

  /** Refuses what has no place to go; false where the brokers could not be asked. */
  const checkPlace = async (append: PendingAppend): Promise<boolean> => {
    try {
      await topics.check(append.topic, append.partition);
    } catch (error) {
      if (codeOf(error) === 'log_unavailable') return false;
      append.reject(error as Error);
    }
    return true;
  };

  const run = async (): Promise<void> => {
    // Calls of one turn go together.
    await null;
    while (queue.length > 0) {
      if (limits.linger > 0 && pending < limits.batchBytes) await wait(limits.linger);
      for (const append of [...queue])
        while (!append.settled && !(await checkPlace(append))) await wait(RETRY * Math.random());
      for (const append of [...queue]) if (append.settled) drop(append);
      if (queue.length > 0) await sendGroup(dequeueGroup(queue, limits));
    }
    running = false;
  };

  return {
    append(topic, partition, records) {
      const bytes = records.reduce((sum, record) => sum + sizeOf(record), 0);
      const refusal = refuse(bytes, pending, limits);
      if (refusal !== null) return Promise.reject(refusal);
      pending += bytes;
      const { promise, resolve, reject } = Promise.withResolvers<number[]>();
      const append = withDeadline(
        { topic, partition, records: records.map(copy), bytes, settled: false, resolve, reject },
        limits.deadline,
        drop,
      );
      queue.push(append);
      if (!running) {
        running = true;
        void run();
      }
      const done = promise.catch(() => {}).finally(() => open.delete(done));
      open.add(done);
      return promise;
    },
    drain: async () => void (await Promise.all(open)),
  };
}

/** Rejects when the deadline has passed. */
function withDeadline(
  append: PendingAppend,
  deadline: number,
  expired: (append: PendingAppend) => void,
): PendingAppend {
  const { resolve, reject } = append;
  const settle = (): void => {
    clearTimeout(timer);
    append.settled = true;
  };
  append.resolve = (offsets) => {
    settle();
    resolve(offsets);
  };
  append.reject = (error) => {
    settle();
    reject(error);
  };
  const timer = setTimeout(() => {
    append.reject(unavailable(`The brokers have not acknowledged for ${deadline} ms`));
    expired(append);
  }, deadline);
  return append;
}

/** What a record adds to a batch, generously: its lengths, offset and time take a few bytes each. */
const RECORD_OVERHEAD = 40;

function sizeOf({ key, value, headers }: LogRecord): number {
  let size = RECORD_OVERHEAD + (key?.length ?? 0) + value.length;
  for (const name in headers) size += 10 + 3 * (name.length + headers[name]!.length);
  return size;
}

function refuse(bytes: number, pending: number, limits: SenderLimits): MillraceError | null {
  if (bytes > limits.appendBytes) {
    const message = `An append of ${bytes} bytes; the log takes at most ${limits.appendBytes} at once.`;
    return new MillraceError({ code: 'out_of_range', message, field: 'records' });
  }
  if (pending === 0 || pending + bytes <= limits.pendingBytes) return null;
  return new MillraceError({
    code: 'overloaded',
    message: `${pending} bytes wait to be written to the log; at most ${limits.pendingBytes} are allowed.`,
  });
}

const copy = ({ key, value, headers }: LogRecord): LogRecord => ({
  key: key === null ? null : Buffer.from(key),
  value: Buffer.from(value),
  headers: { ...headers },
});

/** The contents of one request: one batch a partition, and where in them the records of each append are. */
interface SendGroup {
  batches: { topic: string; partition: number; records: LogRecord[]; bytes: number }[];
  members: { append: PendingAppend; batch: number; index: number }[];
}

/** Takes the oldest appends out of the queue while the limits allow; the order within a partition stays. */
function dequeueGroup(
  queue: PendingAppend[],
  limits: Pick<SenderLimits, 'batchBytes' | 'requestBytes'>,
): SendGroup {
  const group: SendGroup = { batches: [], members: [] };
  const numbers = new Map<string, number>();
  const full = new Set<string>();
  let bytes = 0;
  const left = queue.filter((append) => {
    const place = `${append.topic}/${append.partition}`;
    const number = numbers.get(place);
    const held = number === undefined ? 0 : group.batches[number]!.bytes;
    const tooMuch = bytes > 0 && bytes + append.bytes > limits.requestBytes;
    if (full.has(place) || tooMuch || (held > 0 && held + append.bytes > limits.batchBytes)) {
      full.add(place);
      return true;
    }
    const batch = number ?? group.batches.length;
    numbers.set(place, batch);
    if (number === undefined) group.batches.push({ ...placeOf(append), records: [], bytes: 0 });
    const { records } = group.batches[batch]!;
    group.members.push({ append, batch, index: records.length });
    records.push(...append.records);
    group.batches[batch]!.bytes += append.bytes;
    bytes += append.bytes;
    return false;
  });
  queue.splice(0, queue.length, ...left);
  return group;
}

const placeOf = ({ topic, partition }: PendingAppend) => ({ topic, partition });

export interface SenderLimits {
  /** ms an append waits for others to share its request. While a request is under way they gather anyway. */
  linger: number;
  /** Bytes of one partition in one request; a larger single append goes alone. */
  batchBytes: number;
  /** Bytes of one request. */
  requestBytes: number;
  /** Bytes of a single append at most: the brokers take a batch as a whole or not at all. */
  appendBytes: number;
  /** Bytes that may wait; above it appends are refused. */
  pendingBytes: number;
  /** ms after which an append is given up; its records may come all the same. */
  deadline: number;
}

/** A call of `append` that waits or is under way. */
interface PendingAppend {
  topic: string;
  partition: number;
  records: LogRecord[];
  bytes: number;
  settled: boolean;
  resolve(offsets: number[]): void;
  reject(error: Error): void;
}
