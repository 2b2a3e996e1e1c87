import { MillraceError } from '#contracts/errors.ts';
import { changeState, type LocalPartition } from './local-partition.ts';
import type { PartitionWrite, Storage } from './storage.ts';

/** What to do with one partition; everything that is absent stays. */
export interface Change {
  partition: LocalPartition;
  append?: readonly Uint8Array[];
  /** Drop all records below `before`, `bytes` in sum. */
  drop?: { before: number; bytes: number };
  /** Records from here on must stay. */
  release?: number;
}

export interface CommitterLimits {
  /** Bytes of one commit; a larger single change goes alone. */
  commitBytes: number;
  /** Bytes that may wait; above it changes are refused. */
  pendingBytes: number;
  /** ms a commit may take before everything that waits is refused. */
  deadline: number;
}

export interface Committer {
  /**
   * Resolves with the offset of the first appended record when the change is durable and visible to readers.
   * Changes become durable in the order of the calls. Rejects with `log_unavailable`, `overloaded`, `disk_full` or
   * `data_folder_lost`.
   */
  submit(change: Change): Promise<number>;
  /** Resolves when nothing waits any more. */
  drain(): Promise<void>;
}

interface Waiting extends Change {
  size: number;
  resolve(first: number): void;
  reject(error: Error): void;
}

interface PendingWrite extends PartitionWrite {
  records: Uint8Array[];
}

/** Group commit: while one commit runs, changes gather for the next, so that many share one flush of the disk. */
export function createCommitter(storage: Storage, limits: CommitterLimits): Committer {
  const queue: Waiting[] = [];
  let pending = 0;
  let running: Promise<void> | null = null;

  const dequeue = (): Waiting[] => {
    let size = 0;
    const rest = queue.findIndex((change, i) => {
      size += change.size;
      return i > 0 && size > limits.commitBytes;
    });
    return queue.splice(0, rest < 0 ? queue.length : rest);
  };

  /** After a failed commit the records may be there all the same: the next offsets follow what the storage says. */
  const doubtful = new Set<LocalPartition>();
  const recover = (): void => {
    for (const partition of doubtful) {
      changeState(partition, storage.readState(partition.topic, partition.number));
      doubtful.delete(partition);
    }
  };

  const commit = async (group: Waiting[]): Promise<void> => {
    const late = setInterval(() => {
      const error = unavailable(`The disk has not answered for ${limits.deadline} ms`);
      for (const change of [...group, ...queue.splice(0)]) change.reject(error);
    }, limits.deadline);
    const writes = new Map<LocalPartition, PendingWrite>();
    try {
      recover();
      const firsts = group.map((change) => addWrite(writes, change));
      await storage.commit([...writes.values()]);
      for (const [partition, write] of writes) changeState(partition, write.state);
      for (const [i, change] of group.entries()) change.resolve(firsts[i]!);
    } catch (cause) {
      for (const partition of writes.keys()) doubtful.add(partition);
      const error = isOfDisk(cause) ? cause : unavailable('The records could not be written', cause);
      for (const change of group) change.reject(error);
    } finally {
      clearInterval(late);
    }
  };

  const run = async (): Promise<void> => {
    // Calls of one turn go together.
    await null;
    while (queue.length > 0) await commit(dequeue());
    running = null;
  };

  return {
    submit(change) {
      const size = (change.append ?? []).reduce((sum, bytes) => sum + bytes.length, 0);
      if (pending + size > limits.pendingBytes && pending > 0) {
        return Promise.reject(
          new MillraceError({
            code: 'overloaded',
            message: `${pending} bytes wait to be written to the log; at most ${limits.pendingBytes} are allowed.`,
          }),
        );
      }
      pending += size;
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      queue.push({ ...change, size, resolve, reject });
      running ??= run();
      return promise.finally(() => {
        pending -= size;
      });
    },
    drain: async () => {
      while (running !== null) await running;
    },
  };
}

/** Adds a change to its partition's write and returns the offset of its first record. */
function addWrite(writes: Map<LocalPartition, PendingWrite>, change: Change): number {
  const { partition, append = [], drop, release } = change;
  const { topic, number, state: durable } = partition;
  let write = writes.get(partition);
  if (write === undefined) {
    const { start, end } = durable;
    write = {
      topic,
      partition: number,
      first: end,
      records: [],
      dropFrom: start,
      dropTo: start,
      dropBytes: 0,
      state: { ...durable },
    };
    writes.set(partition, write);
  }
  const { state } = write;
  const first = state.end;
  for (const bytes of append) {
    write.records.push(bytes);
    state.bytes += bytes.length;
  }
  state.end += append.length;
  if (drop !== undefined) {
    write.dropTo = drop.before;
    write.dropBytes += drop.bytes;
    state.start = drop.before;
    state.bytes -= drop.bytes;
  }
  if (release !== undefined) state.released = Math.max(release, state.released ?? release);
  return first;
}

/** Whether the cause says more than that the Log is unavailable. */
const isOfDisk = (cause: unknown): cause is MillraceError =>
  cause instanceof MillraceError && (cause.code === 'disk_full' || cause.code === 'data_folder_lost');

const unavailable = (what: string, cause?: unknown): MillraceError =>
  new MillraceError(
    { code: 'log_unavailable', message: `${what}${cause instanceof Error ? `: ${cause.message}` : ''}.` },
    { cause },
  );
