import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { aggregateOf, checkAggregate } from '#aggregates/registry.ts';
import { type Metric, parseMetric } from '#contracts/metric/metric.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import type { RebuildProgress } from '#contracts/view/rebuild-progress.ts';
import { createRandom } from '../../embedded/demo/traffic/seeded-random.ts';
import { eventually } from '../testing/eventually.ts';
import { type Stack, startStack } from './stack.ts';

const HOUR = 3_600_000;
const METRICS = {
  counted: { event: 'order', aggregate: 'count', groupBy: 'c' },
  summed: { event: '*', aggregate: 'sum(x)', lateness: '5s' },
  distinct: { event: 'order', aggregate: 'distinct(u)', window: '1m', pane: '1m' },
  quantile: {
    event: 'order',
    aggregate: 'p90(x)',
    where: { c: ['DE', 'FR'] },
    groupBy: 'c',
    window: '7m',
    pane: '7m',
  },
} as const;

interface Sent {
  event: string;
  id: string;
  timestamp: number;
  properties: { c: string; x: number; u: string };
}

let data: string;
let stack: Stack;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'millrace-added-'));
  stack = await startStack(data);
});
afterEach(async () => {
  await stack.close();
  await rm(data, { recursive: true, force: true });
});

const seed = Math.floor(Math.random() * 2 ** 31);
it(`live events, imports and a rebuild together equal a GROUP BY over all that was sent (seed ${seed})`, async () => {
  const random = createRandom(seed);
  const sent: Sent[] = [];
  const make = (count: number, most: number): Sent[] =>
    Array.from({ length: count }, () => ({
      event: random() < 0.8 ? 'order' : 'other',
      id: `e${sent.length}-${random()}`,
      timestamp: Math.floor(Date.now() - random() * most),
      properties: {
        c: ['DE', 'FR', 'US'][Math.floor(random() * 3)]!,
        x: Math.floor(random() * 1_000),
        u: `u${Math.floor(random() * 50)}`,
      },
    }));
  const post = async (events: Sent[], query = ''): Promise<number> => {
    sent.push(...events);
    const answer = await call('POST', `/v1/events${query}`, events);
    expect(answer).toMatchObject({ accepted: events.length, rejected: 0 });
    return (answer as { late: number }).late;
  };
  const [first, second, ...others] = Object.entries(METRICS);
  for (const [id, metric] of [first!, second!]) await stack.define(id, metric);
  await stack.settled(2);
  let late = await post(make(50, 1_000));
  await post(make(300, 30 * 24 * HOUR), '?import=true');
  late += await post(make(100, 20 * HOUR));
  for (const [id, metric] of others) await stack.define(id, metric);
  await post(make(200, 3 * HOUR), '?import=true');
  late += await post(make(50, 10 * HOUR));
  await stack.settled(4);
  await stack.close();
  stack = await startStack(data);
  await post(make(100, 48 * HOUR), '?import=true');
  expect(late).toBeGreaterThan(100);

  for (const id of Object.keys(METRICS)) await call('POST', `/v1/metrics/${id}/rebuild`);
  for (const id of Object.keys(METRICS))
    await eventually(
      () => call('GET', `/v1/metrics/${id}/rebuild`) as Promise<RebuildProgress>,
      ({ state }) => state === 'done',
    );
  const commits = await eventually(
    () => stack.store.readCommits(),
    (commits) =>
      commits.every(({ facts }) =>
        facts.active.every(({ added }) => added?.imports === (facts.imports ?? 0)),
      ),
  );
  for (const [id, definition] of Object.entries(METRICS)) {
    const { version } = commits[0]!.facts.active.find((active) => active.metric === id)!;
    const metric = read(id, definition);
    expect(await valuesOf(metric, version), `${id}, seed ${seed}`).toEqual(groupBy(metric, sent));
  }
}, 120_000);

async function call(method: string, path: string, body?: object): Promise<unknown> {
  const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await fetch(stack.url + path, { method, headers, body: body ? JSON.stringify(body) : null });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

function read(id: string, definition: object): Metric {
  const metric = parseMetric(id, definition, { checkAggregate, horizon: HOUR });
  if (!metric.ok) throw new Error(metric.fault.message);
  return metric.value;
}

/** Pane and group → the values of all parts together. */
async function valuesOf(metric: Metric, version: number): Promise<Map<string, unknown>> {
  const aggregate = aggregateOf(metric.aggregate);
  const states = new Map<string, unknown>();
  const range = { metric: metric.id, version, from: 0, to: Number.MAX_SAFE_INTEGER };
  for (const { pane, group, state } of await stack.store.readPanes(range)) {
    const key = `${pane} ${group}`;
    const into = states.get(key) ?? aggregate.create();
    aggregate.merge(into, aggregate.decode(state));
    states.set(key, into);
  }
  return sorted(metric, states);
}

/** The same from the events, whenever and however they were sent. */
function groupBy(metric: Metric, sent: readonly Sent[]): Map<string, unknown> {
  const aggregate = aggregateOf(metric.aggregate);
  const { field } = metric.aggregate;
  const states = new Map<string, unknown>();
  for (const [offset, { event, timestamp, properties }] of sent.entries()) {
    if (metric.events !== null && !metric.events.includes(event)) continue;
    if (metric.where.length > 0 && properties.c === 'US') continue;
    const group = metric.groupBy.length > 0 ? properties.c : '';
    const key = `${floorTo(timestamp, metric.pane)} ${group}`;
    const state = states.get(key) ?? aggregate.create();
    const value = field === null ? undefined : properties[field as 'x' | 'u'];
    aggregate.add(state, value, { ts: timestamp, part: 0, offset, index: 0 });
    states.set(key, state);
  }
  return sorted(metric, states);
}

function sorted(metric: Metric, states: ReadonlyMap<string, unknown>): Map<string, unknown> {
  const aggregate = aggregateOf(metric.aggregate);
  const values = [...states].map(
    ([key, state]) => [key, aggregate.value(state, metric.aggregate, metric.pane)] as const,
  );
  return new Map(values.sort(([a], [b]) => (a < b ? -1 : 1)));
}
