import type { TopicName } from '#contracts/log/topics.ts';
import type { Tail, TailRow } from '#contracts/view/protocol.ts';
import type { StoredRecord, Subscription } from '#platform/log/log.ts';
import { codeOf } from '#platform/process/code-of.ts';
import { createOneAtATime } from '#platform/process/tasks/one-at-a-time.ts';
import type { GatewayDeps } from '../deps.ts';
import { readEventRows, readRejectedRows } from './tail-rows.ts';

const ROWS_PER_SECOND = 20;
const SENDS_PER_SECOND = 4;
const ROWS_PER_SEND = ROWS_PER_SECOND / SENDS_PER_SECOND;

export interface EventTail {
  /** Follows the logs from their ends while `on`; else nothing is read. */
  watch(on: boolean): void;
  close(): Promise<void>;
}

/**
 * Shows recent events to people: at most 20 rows a second, the rest counted, lossy by contract. So a lost tail is restarted at
 * once, and from the ends of the logs: what came meanwhile need not be shown. If that fails, the next watch starts it.
 */
export function createEventTail(
  { log, logger }: Pick<GatewayDeps, 'log' | 'logger'>,
  send: (tail: Tail) => void,
): EventTail {
  const switches = createOneAtATime();
  let watched = false;
  let tails: Subscription[] = [];
  let rows: TailRow[] = [];
  let skipped = 0;

  const free = (): number => Math.max(0, ROWS_PER_SEND - rows.length);
  /** Adds the newest rows that fit; `events` is the number of events they were found in. */
  const addRows = (found: TailRow[], events: number): void => {
    const fitting = free();
    rows.push(...found.slice(Math.max(0, found.length - fitting)));
    skipped += events - Math.min(found.length, fitting);
  };
  const addRecord = (topic: TopicName, partition: number, record: StoredRecord): void => {
    const found = topic === 'rejected' ? readRejectedRows(record) : readEventRows(record, partition, free());
    addRows(found.rows, found.events);
  };
  const timer = setInterval(() => {
    if (rows.length === 0 && skipped === 0) return;
    send({ rows, skipped });
    rows = [];
    skipped = 0;
  }, 1_000 / SENDS_PER_SECOND);
  timer.unref();

  const lost = (error: Error): void => {
    logger.warn({ err: error, code: codeOf(error) }, 'event tail failed');
    if (watched) switchTo(restart);
  };
  const switchTo = (work: () => Promise<void>): void => {
    switches
      .run(work)
      .catch((error: unknown) =>
        logger.warn({ err: error, code: codeOf(error) }, 'cannot start the event tail'),
      );
  };
  const start = async (): Promise<void> => {
    if (!watched || tails.length > 0) return;
    for (const topic of ['events', 'rejected'] as const) {
      for (const { partition, end } of await log.bounds(topic)) {
        const read = (records: StoredRecord[]) => {
          for (const record of records) addRecord(topic, partition, record);
        };
        tails.push(await log.tail(topic, partition, end, read, lost));
      }
    }
  };
  const stop = async (): Promise<void> => {
    const open = tails;
    tails = [];
    for (const tail of open) await tail.close();
  };
  const restart = async (): Promise<void> => {
    await stop();
    await start();
  };
  return {
    watch(on) {
      if (on === watched) return;
      watched = on;
      switchTo(on ? start : stop);
    },
    async close() {
      clearInterval(timer);
      watched = false;
      await switches.run(stop);
    },
  };
}
