import { partitionOf } from '#contracts/log/partitioner.ts';
import type { Random } from '../../embedded/demo/traffic/seeded-random.ts';
import { recordsOf } from '../testing/topic-records.ts';
import { randomMetrics } from './random-metrics.ts';
import { createWorkload, type Workload } from './random-workload.ts';
import { PARTITIONS, type Stack } from './stack.ts';

export interface Driven {
  metrics: number;
  /** Events that ingest acknowledged. */
  accepted: number;
  random: Random;
}

const REQUESTS = 20;

/**
 * Half of the metrics, events, the other half while events flow, a stop and a start, and events again; foreign
 * records and repeated blocks between them. `moved` is called with the stack that runs after the restart.
 */
export async function drive(
  seed: number,
  first: Stack,
  restart: () => Promise<Stack>,
  moved: (stack: Stack) => void,
): Promise<Driven> {
  const workload = createWorkload(seed);
  const early = randomMetrics(workload.random, 'early');
  const late = randomMetrics(workload.random, 'late');
  let accepted = 0;
  const send = async (stack: Stack, requests: number): Promise<void> => {
    for (let i = 0; i < requests; i++) {
      accepted += await stack.post(workload.request(Date.now()));
      if (i % 3 === 0) await appendForeign(stack, workload);
      if (i % 5 === 4) await repeatBlock(stack, workload.random);
    }
  };
  await defineAll(first, early);
  await first.settled(early.size);
  await send(first, REQUESTS);
  await Promise.all([defineAll(first, late), send(first, REQUESTS)]);
  accepted += await first.post(workload.crowd(Date.now()));
  await send(first, 2);
  await first.close();

  const second = await restart();
  moved(second);
  await send(second, REQUESTS);
  return { metrics: early.size + late.size, accepted, random: workload.random };
}

async function defineAll(stack: Stack, metrics: ReadonlyMap<string, Record<string, unknown>>): Promise<void> {
  for (const [id, metric] of metrics) await stack.define(id, metric);
}

/** As a producer without our code does: no headers, and the partition that the key says. */
async function appendForeign(stack: Stack, workload: Workload): Promise<void> {
  const lines = workload.foreignRecord(Date.now());
  const key = `k${Math.floor(workload.random() * 20)}`;
  const record = { key: Buffer.from(key), value: Buffer.from(lines.join('\n')), headers: {} };
  await stack.log.append('events', partitionOf(record.key, PARTITIONS), [record]);
}

/** Appends a block a second time, as after an append whose outcome is unknown. */
export async function repeatBlock({ log }: Stack, random: Random): Promise<void> {
  const bounds = await log.bounds('events');
  const records = await recordsOf(log, 'events');
  const at = Math.floor(random() * records.length);
  const [first] = bounds;
  const partition = at < first!.end - first!.start ? 0 : 1;
  const { key, value, headers } = records[at]!;
  await log.append('events', partition, [{ key, value, headers }]);
}
