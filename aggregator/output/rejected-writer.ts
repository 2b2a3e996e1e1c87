import { createLeftOutCounts } from '#contracts/log/left-out-counts.ts';
import type { RejectedRecord } from '#contracts/log/rejected-record.ts';
import type { Rejection } from '../core/decode/decoded-block.ts';
import type { Shared } from '../deps.ts';
import { reportFailure } from '../report-failure.ts';

/** Refusals that may wait for the Log; further ones are counted and left out. */
const MOST_WAITING = 1_000;

/** Records in the `rejected` topic which foreign records were refused, and why. */
export interface RejectedWriter {
  add(partition: number, offset: number, rejections: readonly Rejection[]): void;
  /**
   * Appends what waits, and says how many were left out; what the Log refuses is lost and counted: the counters in the commit
   * rows are exact.
   */
  flush(): Promise<void>;
}

export function createRejectedWriter(
  shared: Pick<Shared, 'log' | 'clock' | 'metrics' | 'logger'>,
): RejectedWriter {
  const { log, clock, metrics } = shared;
  const leftOut = createLeftOutCounts();
  let waiting: RejectedRecord[] = [];
  const leaveOut = (code: string): void => {
    metrics.add('millrace_aggregator_rejections_lost_total');
    leftOut.add(code, 1, clock());
  };
  return {
    add(partition, offset, rejections) {
      for (const { index, fault, body } of rejections) {
        if (waiting.length >= MOST_WAITING) leaveOut(fault.code);
        else waiting.push({ time: clock(), ...fault, body, position: { partition, offset, index } });
      }
    },
    async flush() {
      const said = leftOut.take(clock());
      const batch = waiting;
      waiting = [];
      const all = said === null ? batch : [...batch, said];
      if (all.length === 0) return;
      const records = all.map((r) => ({ key: null, value: Buffer.from(JSON.stringify(r)), headers: {} }));
      try {
        await log.append('rejected', 0, records);
      } catch (error) {
        if (said !== null) leftOut.restore(said);
        for (const { code } of batch) leaveOut(code);
        reportFailure(shared, 'rejected', error);
      }
    },
  };
}
