import { afterEach, expect, it } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import { METRIC_GROUPS, type MetricGroups } from '#contracts/view/metric-groups.ts';
import { foldRows } from '#platform/store/memory/fold-rows.ts';
import type { Store } from '#platform/store/store.ts';
import { sampleCommit, sampleEvent, sampleMetric, T0 } from '#platform/store/testing/store-samples.ts';
import { startGateway, type TestGateway } from '../../testing/start-gateway.ts';
import { MAX_EVENTS } from './read-groups.ts';

const DEFINITION = { event: 'order', aggregate: 'count', groupBy: ['shop', 'user'], window: '1s' };
const METRIC = sampleMetric({ groupBy: ['shop', 'user'] });

let gateway: TestGateway;
afterEach(() => gateway.close());

const ask = async (query = '', key?: string, id = 'orders') => {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const answer = await fetch(`${gateway.url}/v1/metrics/${id}/groups${query}`, { headers });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
};
const groups = async (query: string): Promise<MetricGroups> => {
  const { status, body } = await ask(query);
  expect([status, body]).toMatchObject([200, {}]);
  const read = readAs(METRIC_GROUPS, body, { code: 'wrong_type' });
  if (!read.ok) throw new Error(read.fault.message);
  return read.value;
};

/** Events `shop/user` of one second, folded with two places a level, and committed. */
async function fill(pairs: string): Promise<number> {
  const { version } = await gateway.define('orders', DEFINITION);
  const rows = pairs.split(' ').map((pair, index) => {
    const [shop, user] = pair.split('/');
    return sampleEvent({ index, offset: 3 }, { shop, user });
  });
  await gateway.store.insertEvents(rows);
  const scope = { metric: METRIC, version, groups: 2, levels: true, part: '0', next: 9 };
  await gateway.store.insertPanes(foldRows(scope, rows, aggregateOf(METRIC.aggregate)));
  const commit = sampleCommit(0, 9);
  commit.facts.settings = { ...commit.facts.settings, groups: 2 };
  commit.facts.active = [
    { metric: 'orders', version, activation: 1, definition: DEFINITION, backfilled: true },
  ];
  await gateway.store.insertCommits([commit]);
  return version;
}

const RANGE = `?from=${T0}&to=${T0 + 1_000}`;

it('says level by level how many there are, how many have places, and which are left out', async () => {
  gateway = await startGateway();
  const version = await fill('a/1 a/2 a/3 b/4 a/3 c/5 c/6 c/5');
  const { headers } = await ask(RANGE);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(await groups(`${RANGE}&limit=2`)).toEqual({
    ...{ metric: 'orders', version, from: T0, to: T0 + 1_000, cap: 2, events: 8, error: 0.003 },
    levels: [
      {
        ...{ dimensions: ['shop'], places: 2, distinct: 3, values: 3, other: 3 },
        leftOut: [{ group: ['c'], events: 3 }],
      },
      {
        ...{ dimensions: ['shop', 'user'], places: 2, distinct: 6, values: 6, other: 6 },
        leftOut: [
          { group: ['a', '3'], events: 2 },
          { group: ['c', '5'], events: 2 },
        ],
      },
    ],
  });
});

it('looks at whole panes of a range, by default the last 15 minutes', async () => {
  gateway = await startGateway({}, { clock: () => T0 + 500 });
  await fill('a/1');
  expect(await groups(`?from=${T0 + 200}&to=${T0 + 300}`)).toMatchObject({
    from: T0,
    to: T0 + 1_000,
    events: 1,
  });
  expect(await groups('')).toMatchObject({ to: T0 + 1_000, events: 1 });
  expect(await groups('?range=1s')).toMatchObject({ to: T0 + 1_000, events: 1 });
  expect(await groups(`?from=${T0 - 5_000}&to=${T0}`)).toMatchObject({
    events: 0,
    levels: [{ other: 0 }, {}],
  });
});

it('refuses what it cannot read, and says why', async () => {
  gateway = await startGateway();
  await gateway.define('orders', DEFINITION);
  const cases: [query: string, code: string, field: string][] = [
    ['?limit=0', 'out_of_range', 'limit'],
    ['?limit=101', 'out_of_range', 'limit'],
    ['?limit=x', 'invalid_parameter', 'limit'],
    ['?range=soon', 'invalid_parameter', 'range'],
    [`?from=${T0}`, 'invalid_parameter', 'to'],
    [`?to=${T0}`, 'invalid_parameter', 'from'],
    [`?range=1m&from=${T0}&to=${T0 + 1}`, 'invalid_parameter', 'range'],
    [`?from=${T0}&to=${T0}`, 'invalid_parameter', 'to'],
    ['?groupBy=shop', 'invalid_parameter', 'groupBy'],
  ];
  for (const [query, code, field] of cases) {
    const { status, body } = await ask(query);
    expect([query, status, body.code, body.field]).toEqual([query, 400, code, field]);
  }
  expect(await ask('', undefined, 'none')).toMatchObject({ status: 404, body: { code: 'unknown_metric' } });
});

it('refuses a range that holds too much, and says what would fit', async () => {
  const wrapStore = (store: Store): Store => ({
    ...store,
    countGroups: async ({ events }) => ({ fits: events === MAX_EVENTS ? T0 + 400 : 0 }),
  });
  gateway = await startGateway({ readRows: 2 }, { wrapStore });
  await fill('a/1');
  expect(await ask(RANGE)).toMatchObject({
    status: 400,
    body: {
      code: 'view_too_large',
      field: 'range',
      detail: expect.stringContaining(`from ${new Date(T0 + 400).toISOString()} on would fit`),
    },
  });
  await fill('a/1 b/2 c/3 d/4');
  expect((await ask(`?from=${T0 - 3_600_000}&to=${T0 + 1_000}`)).body).toMatchObject({
    code: 'view_too_large',
    detail: expect.stringMatching(/stored rows.*MILLRACE_READ_ROWS.*of about \d+m would fit/),
  });
});

it('is for keys that may read the metric', async () => {
  gateway = await startGateway({}, { keysNeeded: true });
  await gateway.define('orders', DEFINITION);
  const one = await gateway.makeKey({ scope: 'read', metrics: ['orders'] });
  const other = await gateway.makeKey({ scope: 'read', metrics: ['others'] });
  const writer = await gateway.makeKey({ scope: 'write' });
  expect((await ask('', one.key)).status).toBe(200);
  expect(await ask('', other.key)).toMatchObject({ status: 403, body: { code: 'forbidden_metric' } });
  expect(await ask('', writer.key)).toMatchObject({ status: 403, body: { code: 'forbidden_scope' } });
  expect(await ask('')).toMatchObject({ status: 401, body: { code: 'missing_key' } });
});

it('reads one at a time, and lets a bounded number wait', async () => {
  const held = Promise.withResolvers<void>();
  let running = 0;
  let most = 0;
  const wrapStore = (store: Store): Store => ({
    ...store,
    async countGroups(query) {
      most = Math.max(most, ++running);
      await held.promise;
      running -= 1;
      return store.countGroups(query);
    },
  });
  gateway = await startGateway({}, { wrapStore });
  await gateway.define('orders', DEFINITION);
  const answers = Array.from({ length: 21 }, () => ask());
  // Only the one that is refused can have been answered.
  expect(await Promise.race(answers)).toMatchObject({ status: 429, body: { code: 'too_many_waits' } });
  held.resolve();
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(20);
  expect(most).toBe(1);
});
