import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorkload } from '../crash/crash-workload.ts';
import { startMemoryMillrace } from '../testing/memory-millrace.ts';
import { postBatch } from '../testing/post-batch.ts';
import { awaitIdle } from './await-idle.ts';
import { checkRun, type RunFacts } from './check-run.ts';
import { defineRun, metricsOf } from './run-metrics.ts';

let millrace: Awaited<ReturnType<typeof startMemoryMillrace>>;
let run: RunFacts;
beforeAll(async () => {
  millrace = await startMemoryMillrace();
  const metrics = metricsOf('1');
  await defineRun([millrace.url], metrics);
  const began = Date.now();
  const workload = createWorkload(1, { event: metrics.event, prefix: 'r1-' });
  for (let i = 0; i < 3; i++) expect(await postBatch(millrace.url, workload.next(began), 10_000)).toBe(true);
  await awaitIdle(millrace.log, millrace.store);
  const sent = workload.unique;
  run = { metrics, prefix: 'r1-', began, sent, acknowledged: new Set(sent.keys()) };
});
afterAll(() => millrace.close());

const check = (facts: Partial<RunFacts>): Promise<void> =>
  checkRun(millrace.store, [millrace.url], { ...run, ...facts });

it('passes where every acknowledged event is counted once', async () => {
  await check({});
});

it('fails where an acknowledged event is not there', async () => {
  const acknowledged = new Set([...run.acknowledged, 'r1-lost']);
  await expect(check({ acknowledged })).rejects.toThrow('1 acknowledged events are lost');
});

it('fails where the Store has an event that was never sent', async () => {
  const [first] = run.sent.keys();
  const sent = new Map([...run.sent].filter(([id]) => id !== first));
  await expect(check({ sent, acknowledged: new Set() })).rejects.toThrow(first!);
});

it('fails where a gateway shows another value than the hand count', async () => {
  const [first] = run.sent.values();
  const heavier = { ...first!, properties: { ...first!.properties, n: first!.properties.n + 1 } };
  const sent = new Map([...run.sent, [first!.id, heavier]]);
  await expect(check({ sent, within: 500 })).rejects.toThrow('by hand');
});
