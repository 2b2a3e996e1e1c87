import type { TopicName } from '#contracts/log/topics.ts';
import type { Tail, TailRow } from '#contracts/view/protocol.ts';
import type { StoredRecord, Subscription } from '#platform/log/log.ts';
import { codeOf } from '#platform/process/code-of.ts';
import type { GatewayDeps } from '../deps.ts';
import { readEventRows, readRejectedRow } from './tail-rows.ts';

const ROWS_A_SECOND = 20;
/** Rows go out this many times a second. */
const SLICES = 4;

export interface EventTail {
  /** While somebody watches, the logs are followed from their ends on; else nothing is read. */
  watch(on: boolean): void;
  close(): Promise<void>;
}

/** Recent events for people: at most 20 rows a second, the rest counted, lossy by contract. */
export function createEventTail(
  { log, logger }: Pick<GatewayDeps, 'log' | 'logger'>,
  send: (tail: Tail) => void,
): EventTail {
  let watched = false;
  let work: Promise<void> = Promise.resolve();
  let tails: Subscription[] = [];
  let rows: TailRow[] = [];
  let skipped = 0;

  const take = (found: TailRow[], of: number): void => {
    const room = Math.max(0, ROWS_A_SECOND / SLICES - rows.length);
    rows.push(...found.slice(Math.max(0, found.length - room)));
    skipped += of - Math.min(found.length, room);
  };
  const takeRecord = (topic: TopicName, record: StoredRecord): void => {
    if (topic === 'rejected') {
      const row = readRejectedRow(record);
      if (row !== null) take([row], 1);
      return;
    }
    const found = readEventRows(record, Math.max(0, ROWS_A_SECOND / SLICES - rows.length));
    take(found.rows, found.events);
  };
  const timer = setInterval(() => {
    if (rows.length === 0 && skipped === 0) return;
    send({ rows, skipped });
    rows = [];
    skipped = 0;
  }, 1_000 / SLICES);
  timer.unref();

  const failed = (error: Error): void => {
    // The readers were overtaken, or the log is away: the next watch starts at the ends again.
    logger.warn({ err: error, code: codeOf(error) }, 'event tail failed');
    if (watched) work = work.then(stop).then(start).catch(report);
  };
  const report = (error: unknown): void =>
    logger.warn({ err: error, code: codeOf(error) }, 'cannot start the event tail');
  const start = async (): Promise<void> => {
    if (!watched || tails.length > 0) return;
    for (const topic of ['events', 'rejected'] as const) {
      for (const { partition, end } of await log.bounds(topic)) {
        const read = (records: StoredRecord[]) => {
          for (const record of records) takeRecord(topic, record);
        };
        tails.push(await log.tail(topic, partition, end, read, failed));
      }
    }
  };
  const stop = async (): Promise<void> => {
    const open = tails;
    tails = [];
    for (const tail of open) await tail.close();
  };
  return {
    watch(on) {
      if (on === watched) return;
      watched = on;
      work = work.then(on ? start : stop).catch(report);
    },
    async close() {
      clearInterval(timer);
      watched = false;
      await work.then(stop);
    },
  };
}
