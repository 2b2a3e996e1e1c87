import { describe, expect, it, vi } from 'vitest';
import { createMemoryLog } from '#platform/log/local/memory-log.ts';
import { SPECS, textOf } from '#platform/log/log-harness.conformance.ts';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { type SystemReporterOptions, startSystemReporter } from './report-system.ts';

async function setUp(more: Partial<SystemReporterOptions> = {}) {
  let fault: Error | null = null;
  const log = createMemoryLog({ failAppend: () => fault });
  await log.ensureTopics([...SPECS, { name: 'system', partitions: 1, retention: null, bytes: null }]);
  const records: unknown[] = [];
  const lines: { msg: string }[] = [];
  await log.tail(
    'system',
    0,
    0,
    (r) => void records.push(...r.map((x) => JSON.parse(textOf(x)))),
    () => {},
  );
  const metrics = createMetrics(false);
  const reporter = startSystemReporter({
    log,
    part: 'ingest',
    collect: () => ({ totals: { events: 3 }, gauges: { pending: 1 } }),
    clock: () => 1_234,
    logger: createLogger('debug', 'test', { write: (line) => void lines.push(JSON.parse(line)) }),
    metrics,
    process: 'p1',
    every: 1,
    ...more,
  });
  const failures = () => metrics.read('millrace_system_report_failures_total');
  const setFault = (error: Error | null) => {
    fault = error;
  };
  return { log, records, lines, reporter, failures, setFault };
}

describe('startSystemReporter', () => {
  it('writes the figures of its part again and again, until closed', async () => {
    const { log, records, reporter } = await setUp();
    await vi.waitFor(() => expect(records.length).toBeGreaterThan(2), 10_000);
    expect(records[0]).toEqual({
      process: 'p1',
      part: 'ingest',
      time: 1_234,
      totals: { events: 3 },
      gauges: { pending: 1 },
    });
    await Promise.all([reporter.close(), reporter.close()]);
    const { end } = (await log.bounds('system'))[0]!;
    // Another that began after its end has written several.
    const other = await setUp();
    await vi.waitFor(() => expect(other.records.length).toBeGreaterThan(2), 10_000);
    expect((await log.bounds('system'))[0]!.end).toBe(end);
    await other.reporter.close();
    await other.log.close();
    await log.close();
  });

  it('counts what it cannot write, logs the first of a series, and goes on', async () => {
    const { log, records, lines, reporter, failures, setFault } = await setUp();
    setFault(new Error('no disk'));
    await vi.waitFor(async () => expect(await failures()).toBeGreaterThan(3), 10_000);
    setFault(null);
    const before = records.length;
    await vi.waitFor(() => expect(records.length).toBeGreaterThan(before + 1), 10_000);
    await reporter.close();
    expect(lines.map((line) => line.msg)).toEqual([
      'cannot write system record',
      'writing system records again',
    ]);
    await log.close();
  });

  it('has one record under way at a time', async () => {
    let running = 0;
    let most = 0;
    let calls = 0;
    const { log, reporter } = await setUp({
      collect: async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running--;
        calls++;
        return { totals: {}, gauges: {} };
      },
    });
    await vi.waitFor(() => expect(calls).toBeGreaterThan(3), 10_000);
    await reporter.close();
    expect(running).toBe(0);
    expect(most).toBe(1);
    await log.close();
  });

  it('reports the uses of keys once a minute, those since the last time', async () => {
    let now = 100_000;
    const keyUses = new Map([['a', 50_000]]);
    const { records, reporter } = await setUp({ keyUses, clock: () => now });
    const told = () =>
      (records as { keyUses?: Record<string, number> }[]).flatMap(({ keyUses: uses }) =>
        uses === undefined ? [] : [uses],
      );
    await vi.waitFor(() => expect(told()).toEqual([{ a: 50_000 }]));
    keyUses.set('b', 120_000);
    const before = records.length;
    now = 130_000;
    await vi.waitFor(() => expect(records.length).toBeGreaterThan(before + 2));
    expect(told()).toHaveLength(1);
    now = 160_000;
    await vi.waitFor(() => expect(told()).toEqual([{ a: 50_000 }, { b: 120_000 }]));
    await reporter.close();
  });
});
