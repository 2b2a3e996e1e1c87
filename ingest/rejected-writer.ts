import type { Fault } from '#contracts/errors.ts';
import type { RejectedRecord } from '#contracts/system.ts';
import type { Log, LogRecord } from '#platform/log/log.ts';
import type { Logger } from '#platform/process/logger.ts';
import type { Metrics } from '#platform/process/metrics.ts';

/** Tells the `rejected` topic what was refused. Never waited for: what does not fit is dropped and counted. */
export interface RejectedWriter {
  /** `text`: the refused bytes; they are cut to 1 KB. */
  report(fault: Fault, text: Uint8Array): void;
  /** Waits for what is queued. */
  drain(): Promise<void>;
}

export interface RejectedWriterDeps {
  log: Log;
  logger: Logger;
  metrics: Metrics;
  clock: () => number;
}

const MAX_QUEUED = 2_000;
const MAX_BODY = 1_024;

export function createRejectedWriter(deps: RejectedWriterDeps): RejectedWriter {
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
        deps.logger.warn({ code: 'log_unavailable', err: error }, 'refused events could not be recorded');
      }
    }
  };

  return {
    report(fault, text) {
      if (queue.length >= MAX_QUEUED) {
        deps.metrics.add('millrace_ingest_rejected_dropped_total');
        return;
      }
      const record: RejectedRecord = { time: deps.clock(), ...fault, body: cut(text) };
      queue.push({ key: null, value: encoder.encode(JSON.stringify(record)), headers: {} });
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
