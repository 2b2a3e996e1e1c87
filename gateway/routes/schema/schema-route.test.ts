import { afterEach, beforeEach, expect, it } from 'vitest';
import { EVENT_COUNTS } from '#contracts/metric/built-in.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import type { Static } from '#contracts/schema/schema.ts';
import { SCHEMA_ANSWER } from '#contracts/view/schema-result.ts';
import { defineBuiltIns } from '#platform/definitions/define-built-ins.ts';
import { sampleEvent, samplePane, T0 } from '#platform/store/testing/store-samples.ts';
import { startGateway, type TestGateway } from '../../testing/start-gateway.ts';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startGateway({}, { clock: () => T0 + 600_000 });
});
afterEach(() => gateway.close());

const NOW = T0 + 600_000;
const ask = async (query = '', key?: string) => {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const answer = await fetch(`${gateway.url}/v1/schema${query}`, { headers });
  return { status: answer.status, body: (await answer.json()) as unknown };
};
const schema = async (query = ''): Promise<Static<typeof SCHEMA_ANSWER>> => {
  const { status, body } = await ask(query);
  expect(status, JSON.stringify(body)).toBe(200);
  const read = readAs(SCHEMA_ANSWER, body, { code: 'wrong_type' });
  if (!read.ok) throw new Error(read.fault.message);
  return read.value;
};
/** Events of a name: counted in panes of the built-in metric, and in the archive. */
async function store(counts: Record<string, number[]>): Promise<void> {
  await defineBuiltIns(gateway.catalog, 3_600_000);
  const { version } = gateway.catalog.catalog.metrics.get(EVENT_COUNTS)!;
  let offset = 0;
  for (const [event, times] of Object.entries(counts)) {
    for (const seconds of times) {
      const ts = T0 + seconds * 1_000;
      const pane = ts - (ts % 10_000);
      const state = { nums: [], keys: [], counts: [2] };
      await gateway.store.insertPanes([
        samplePane({ metric: EVENT_COUNTS, version, pane, group: [event], state, next: 1 }),
      ]);
      const at = (index: number) =>
        sampleEvent(
          { event, ts, received: ts, offset: offset++, index },
          { n: seconds, at: { [event]: index } },
        );
      await gateway.store.insertEvents([at(0), at(1)]);
    }
  }
  await gateway.facts(NOW);
}

it('tells names with exact counts and rates, when they were seen, and what their properties are like', async () => {
  await store({ rare: [100], often: [0, 300, 310], '': [590] });
  const answer = await schema('?range=11m');
  expect(answer).toMatchObject({ asOf: NOW, leftOut: 0, begins: T0 });
  expect(answer.events.map(({ event, count }) => [event, count])).toEqual([
    ['often', 6],
    ['', 2],
    ['rare', 2],
  ]);
  const [often] = answer.events;
  expect(often).toMatchObject({
    first: T0,
    last: T0 + 310_000,
    sampled: { events: 6, of: 6 },
    pathsLeftOut: 0,
  });
  expect(often!.rate).toBeCloseTo(6 / 600, 6);
  expect(often!.properties).toMatchObject([
    { path: 'at', types: [{ type: 'object', events: 6 }] },
    { path: 'at.often', events: 6, distinct: 2, min: 0, max: 1 },
    {
      path: 'n',
      events: 6,
      distinct: 3,
      min: 0,
      max: 310,
      values: [{ events: 2 }, { events: 2 }, { events: 2 }],
    },
  ]);
});

it('tells one name in depth, also one that is not there in the range', async () => {
  await store({ rare: [0], often: [300, 310] });
  const { events, leftOut } = await schema('?event=rare&range=1m');
  expect(leftOut).toBe(1);
  expect(events).toMatchObject([
    { event: 'rare', count: 0, rate: 0, first: T0, sampled: { events: 2, of: 2 } },
  ]);
  expect((await schema('?event=none')).events).toEqual([]);
});

it('is as bounded as it says, however many names and properties there are', async () => {
  const times = Object.fromEntries(Array.from({ length: 1_200 }, (_, i) => [`name ${i}`, [500]]));
  await store(times);
  const { events, leftOut } = await schema('?range=10m');
  expect([events.length, leftOut]).toEqual([1_000, 200]);
});

it('refuses what it does not know, and waits for the metric that counts', async () => {
  await gateway.facts(NOW);
  expect(await ask('?name=x')).toMatchObject({
    status: 400,
    body: { code: 'invalid_parameter', field: 'name' },
  });
  expect(await ask('?range=soon')).toMatchObject({
    status: 400,
    body: { code: 'invalid_parameter', field: 'range' },
  });
  expect(await ask('?event=')).toMatchObject({ status: 400, body: { field: 'event' } });
  expect(await ask()).toMatchObject({ status: 503, body: { code: 'not_ready' } });
});

it('is for callers who may read all metrics', async () => {
  await gateway.close();
  gateway = await startGateway({}, { keysNeeded: true });
  const { key } = await gateway.makeKey({ metrics: ['orders'] });
  expect(await ask('', key)).toMatchObject({ status: 403, body: { code: 'forbidden_metric' } });
  expect((await ask()).status).toBe(401);
});
