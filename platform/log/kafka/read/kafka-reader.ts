import type { StoredRecord } from '../../log.ts';
import { asError } from '../faults.ts';
import type { Fetched } from '../kafka-client.ts';
import type { Candidate } from './choose-positions.ts';

export interface ReaderOptions {
  topic: string;
  partition: number;
  /** The offset to start at. */
  from: number;
  handler(records: StoredRecord[]): Promise<void> | void;
  /** It has ended: the handler threw, or the position is out of bounds. Called at most once. */
  failed(error: Error): void;
  /** Records that are there and not read yet, after every answer of the brokers. */
  lag?(records: number): void;
}

/** One partition, read in order by one handler, which gets more only when it is done. */
export interface Reader extends Candidate {
  readonly position: number;
  /** False while the handler runs. */
  readonly idle: boolean;
  /** When the handler began, by `performance.now`. */
  readonly since: number;
  deliver(fetched: Fetched): void;
  fail(error: Error): void;
  /** No handler call follows; resolves when none runs. */
  stop(): Promise<void>;
}

/** `changed` is called when it can take more, or has ended; `ended` when nothing more may be delivered. */
export function createReader(
  options: ReaderOptions,
  changed: () => void,
  ended: (reader: Reader) => void,
): Reader {
  const { topic, partition, handler, failed, lag } = options;
  let position = options.from;
  let stopped = false;
  let running: Promise<void> | null = null;
  let since = 0;

  const end = (): boolean => {
    if (stopped) return false;
    stopped = true;
    ended(reader);
    changed();
    return true;
  };
  const handle = async ({ records, next }: Fetched): Promise<void> => {
    try {
      await handler(records);
      position = next;
    } catch (error) {
      // Reported also when the handler throws while the reader is being stopped.
      end();
      failed(asError(error));
    }
    running = null;
    changed();
  };
  const reader: Reader = {
    topic,
    partition,
    turn: 0,
    get position() {
      return position;
    },
    get idle() {
      return running === null;
    },
    get since() {
      return since;
    },
    deliver(fetched) {
      if (stopped || running !== null) return;
      lag?.(Math.max(0, fetched.end - fetched.next));
      if (fetched.records.length === 0) {
        position = fetched.next;
        return;
      }
      since = performance.now();
      running = handle(fetched);
    },
    fail(error) {
      if (end()) failed(error);
    },
    async stop() {
      end();
      await running;
    },
  };
  return reader;
}
