import type { RejectedRecord } from '#contracts/log/rejected-record.ts';
import type { Rejection } from '../core/decode/decoded-block.ts';
import type { Shared } from '../deps.ts';
import { reportFailure } from '../report-failure.ts';

/** Refusals that may wait for the Log; further ones are counted and left out. */
const MOST_WAITING = 1_000;

/** Records in the `rejected` topic which foreign records were refused, and why. */
export interface RejectedWriter {
  add(partition: number, offset: number, rejections: readonly Rejection[]): void;
  /** Appends what waits; what the Log refuses is lost and counted: the counters in the commit rows are exact. */
  flush(): Promise<void>;
}

export function createRejectedWriter(shared: Shared): RejectedWriter {
  const { log, clock, metrics } = shared;
  let waiting: RejectedRecord[] = [];
  return {
    add(partition, offset, rejections) {
      for (const { index, fault, body } of rejections) {
        if (waiting.length >= MOST_WAITING) metrics.add('millrace_aggregator_rejections_lost_total');
        else waiting.push({ time: clock(), ...fault, body, position: { partition, offset, index } });
      }
    },
    async flush() {
      if (waiting.length === 0) return;
      const batch = waiting;
      waiting = [];
      const records = batch.map((r) => ({ key: null, value: Buffer.from(JSON.stringify(r)), headers: {} }));
      try {
        await log.append('rejected', 0, records);
      } catch (error) {
        metrics.add('millrace_aggregator_rejections_lost_total', batch.length);
        reportFailure(shared, 'rejected', error);
      }
    },
  };
}
