import type { Fault } from '#contracts/errors.ts';
import type { RejectedRecord } from '#contracts/log/system-record.ts';
import { createBucketTable } from '#platform/limits/bucket-table.ts';
import { createTokenBucket } from '#platform/limits/token-bucket.ts';
import type { Log, LogRecord } from '#platform/log/log.ts';
import { codeOf } from '#platform/process/code-of.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';
import type { Metrics } from '#platform/process/reporting/metrics.ts';

/** Writes what was refused to the `rejected` topic. Never awaited: what does not fit is dropped and counted. */
export interface RejectionWriter {
  /** `text`: the refused bytes; they are cut to 1 KB. Of one sender no more than a quarter of the limit is taken. */
  report(fault: Fault, text: Uint8Array, sender: string): void;
  /** Counts refused events that are not reported. */
  leaveOut(count: number): void;
  /** Waits for what is queued. */
  drain(): Promise<void>;
}

export interface RejectionWriterDeps {
  log: Log;
  logger: Logger;
  metrics: Metrics;
  clock: () => number;
}

const MAX_QUEUED = 2_000;
const MAX_BODY = 1_024;
/** Bytes of records that may be written at once, in seconds of the rate. */
const BURST = 10;

/** `rate` is bytes a second: the topic is written for people, and refused events shall not fill the Log. */
export function createRejectionWriter(rate: number, deps: RejectionWriterDeps): RejectionWriter {
  const all = createTokenBucket(rate, rate * BURST);
  const senders = createBucketTable({ rate: rate / 4, burst: (rate * BURST) / 4 });
  const encoder = new TextEncoder();
  let queue: LogRecord[] = [];
  let running: Promise<void> | null = null;

  const flush = async (): Promise<void> => {
    while (queue.length > 0) {
      const records = queue;
      queue = [];
      try {
        await deps.log.append('rejected', 0, records);
      } catch (error) {
        deps.metrics.add('millrace_ingest_rejected_dropped_total', records.length);
        if (codeOf(error) === 'log_unavailable')
          deps.logger.warn(
            { code: 'log_unavailable', err: error },
            'cannot write refused events to the rejected topic',
          );
      }
    }
  };

  const leaveOut = (count: number): void => {
    if (count > 0) deps.metrics.add('millrace_ingest_rejected_dropped_total', count);
  };

  return {
    leaveOut,
    report(fault, text, sender) {
      const time = deps.clock();
      // Checked before the record is made: a dropped one costs nothing.
      if (queue.length >= MAX_QUEUED || all.consume(0, time) > 0 || senders.consume(sender, 0, time) > 0) {
        leaveOut(1);
        return;
      }
      const record: RejectedRecord = { time, ...fault, body: cut(text) };
      const value = encoder.encode(JSON.stringify(record));
      all.spend(value.length, time);
      senders.spend(sender, value.length, time);
      queue.push({ key: null, value, headers: {} });
      running ??= flush().finally(() => {
        running = null;
      });
    },
    async drain() {
      await running;
    },
  };
}

/** At most 1 KB, not cut inside a character; bytes that are no text are shown as U+FFFD. */
function cut(text: Uint8Array): string {
  let end = Math.min(text.length, MAX_BODY);
  if (end < text.length) while (end > MAX_BODY - 4 && (text[end]! & 0xc0) === 0x80) end--;
  return new TextDecoder().decode(text.subarray(0, end));
}
