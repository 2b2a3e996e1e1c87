import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MillraceError } from '#contracts/errors.ts';
import { topics } from '#contracts/log/topics.ts';
import { createMemoryLog } from '#platform/log/local/memory-log.ts';
import type { Log } from '#platform/log/log.ts';
import { readRange } from '#platform/log/read-range.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createMetrics, type Metrics } from '#platform/process/reporting/metrics.ts';
import { createRejectedWriter, type RejectedWriter } from './rejected-writer.ts';

let log: Log;
let metrics: Metrics;
let writer: RejectedWriter;
let isAway: boolean;
beforeEach(async () => {
  isAway = false;
  const away = new MillraceError({ code: 'log_unavailable', message: 'away' });
  log = createMemoryLog({ failAppend: () => (isAway ? away : null) });
  await log.ensureTopics(topics(1));
  metrics = createMetrics(false);
  writer = createRejectedWriter({ log, metrics, clock: () => 5, logger: createLogger('silent', 'test') });
});
afterEach(() => log.close());

const refuse = (offset: number, n: number): void => {
  const fault = { code: 'invalid_json', message: 'm' } as const;
  writer.add(
    0,
    offset,
    Array.from({ length: n }, (_, index) => ({ index, fault, body: '{' })),
  );
};
const written = async (): Promise<Record<string, unknown>[]> => {
  const [bounds] = await log.bounds('rejected');
  const range = { topic: 'rejected', partition: 0, from: bounds!.start, before: bounds!.end } as const;
  const { records } = await readRange(log, range, { bytes: 1e9, time: 60_000 });
  return records.map(({ value }) => JSON.parse(Buffer.from(value).toString()));
};

describe('refused foreign records', () => {
  it('are recorded up to a bound, and the rest is counted in a record', async () => {
    refuse(7, 1_030);
    await writer.flush();
    const records = await written();
    expect(records).toHaveLength(1_001);
    const position = { partition: 0, offset: 7, index: 0 };
    expect(records[0]).toEqual({ time: 5, code: 'invalid_json', message: 'm', body: '{', position });
    expect(records.at(-1)).toEqual({ time: 5, since: 5, leftOut: { invalid_json: 30 } });
    expect(await metrics.read('millrace_aggregator_rejections_lost_total')).toBe(30);
  });

  it('are counted in a record once the Log takes records again', async () => {
    refuse(1, 1_002);
    isAway = true;
    await writer.flush();
    refuse(2, 1);
    await writer.flush();
    isAway = false;
    await writer.flush();
    expect(await written()).toEqual([{ time: 5, since: 5, leftOut: { invalid_json: 1_003 } }]);
    expect(await metrics.read('millrace_aggregator_rejections_lost_total')).toBe(1_003);
    await writer.flush();
    expect(await written()).toHaveLength(1);
  });
});
