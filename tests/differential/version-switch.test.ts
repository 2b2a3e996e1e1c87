import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { aggregateOf, checkAggregate } from '#aggregates/registry.ts';
import { type Metric, parseMetric } from '#contracts/metric/metric.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { connectRaw, type Followed, follow, plain, type RawClient } from '../protocol/raw-client.ts';
import { eventually } from '../testing/eventually.ts';
import { type GatewayPart, startGatewayPart } from '../testing/gateway-part.ts';
import { GROUPS, type Stack, startStack } from './stack.ts';

const WINDOW = 10_000;
const ORDERS = { event: 'order', aggregate: 'count', groupBy: ['country'], window: '10s' };
const CHANGED = { ...ORDERS, aggregate: 'sum(amount)', where: { plan: ['pro'] } };
const REQUEST = { metric: 'orders', groupBy: ['country'], range: '15m', window: '10s' };

let data: string;
let stack: Stack;
let second: GatewayPart;
const clients: RawClient[] = [];
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'millrace-switch-'));
  stack = await startStack(data);
  second = await startGatewayPart(readSettings({ MILLRACE_PORT: '0' }), stack);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await second.close();
  await stack.close();
  await rm(data, { recursive: true, force: true });
});

let posted = 0;
const line = (): string => {
  const n = posted++;
  const properties = { country: ['DE', 'FR', 'IT'][n % 3], plan: ['pro', 'team'][n % 2], amount: n };
  return JSON.stringify({
    event: 'order',
    id: `id-${n}`,
    timestamp: Date.now() - (n % 7) * 1_500,
    properties,
  });
};
const post = (count: number) => stack.post(Array.from({ length: count }, line));

const connect = async (url: string): Promise<RawClient> => {
  const client = await connectRaw(url, 'websocket');
  clients.push(client);
  return client;
};
const followAt = async (url: string) => follow(await connect(url), { request: REQUEST });
/** Comes back with what it holds, to whichever gateway. */
const resume = async (url: string, { contents }: Followed) => {
  const { cursor, version, end } = contents;
  const message = { request: REQUEST, cursor: { ...cursor!, end }, version };
  return follow(await connect(url), message, { held: contents });
};
const hasVersion = (version: number) => (followed: Followed) => followed.contents.version === version;

/** Group → window → value by the SQL fold over the whole archive. */
async function askSql(body: object): Promise<Record<string, Record<string, number[]>>> {
  const metric = (parseMetric('orders', body, { checkAggregate, horizon: 3_600_000 }) as { value: Metric })
    .value;
  const aggregate = aggregateOf(metric.aggregate);
  const merged = new Map<string, { group: string; window: number; state: unknown }>();
  for (const { part: partition, next } of await stack.store.readCommits()) {
    const asked = { metric, version: 0, partition, from: 0, before: next, groups: GROUPS, levels: true };
    for (const { pane, group, state } of await stack.store.runSqlFold(asked)) {
      const window = pane - (pane % WINDOW);
      const key = `${group} ${window}`;
      const into = merged.get(key) ?? { group: group.join('/'), window, state: aggregate.create() };
      merged.set(key, into);
      aggregate.merge(into.state, aggregate.decode(state));
    }
  }
  const series: Record<string, Record<string, number[]>> = {};
  for (const { group, window, state } of merged.values())
    series[group] = {
      ...series[group],
      [window]: aggregate.value(state, metric.aggregate, WINDOW) as number[],
    };
  return series;
}

it('switches a version on two gateways while events flow, and every client ends with what SQL says', async () => {
  await stack.define('orders', ORDERS);
  await stack.settled(1);
  await post(300);
  const [one, other, mover] = [
    await followAt(stack.url),
    await followAt(second.url),
    await followAt(stack.url),
  ];
  const first = one.info.version;
  await eventually(
    () => plain(other.contents),
    (shown) => Object.keys(shown).length === 3,
  );
  // It leaves with a cursor of the old version.
  clients.at(-1)!.close();
  let flowing = true;
  const flow = (async () => {
    while (flowing) await post(20);
  })();
  await stack.define('orders', CHANGED);
  await eventually(
    () => [one, other].map(({ contents }) => contents.version),
    (versions) => versions.every((version) => version > first),
  );
  const { version } = one.contents;
  const moved = await resume(second.url, mover);
  await eventually(() => moved, hasVersion(version));
  clients.at(-1)!.close();
  await post(20);
  const back = await resume(stack.url, moved);
  flowing = false;
  await flow;
  // The old version is folded for a while longer.
  await stack.settled(2);

  const expected = await askSql(CHANGED);
  for (const followed of [one, other, back]) {
    await eventually(
      () => JSON.stringify(sorted(plain(followed.contents))),
      (shown) => shown === JSON.stringify(sorted(expected)),
    );
    expect(followed.contents.version).toBe(version);
  }
  const rows = await stack.store.readPanes({
    metric: 'orders',
    version,
    from: 0,
    to: Number.MAX_SAFE_INTEGER,
  });
  expect(new Set(rows.map((row) => row.part))).toEqual(new Set(['0', '1', '~0', '~1']));
  expect(one.outcomes).not.toContain('behind');
  expect(other.outcomes).not.toContain('behind');
});

const sorted = <T>(series: Record<string, Record<string, T>>): unknown =>
  Object.entries(series)
    .map(([group, windows]) => [group, Object.entries(windows).sort()])
    .sort();
