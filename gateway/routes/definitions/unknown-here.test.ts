import { afterEach, expect, it } from 'vitest';
import { encodeDefinition } from '#contracts/log/definition-record.ts';
import type { Log } from '#platform/log/log.ts';
import { follow } from '../../testing/follow-view.ts';
import { startGateway, type TestGateway } from '../../testing/start-gateway.ts';

const ORDERS = { id: 'orders', event: 'order', aggregate: 'count', groupBy: [], window: '10s' };

let gateway: TestGateway;
afterEach(() => gateway.close());

/** What another gateway writes: here it is in the log, and not read yet. */
const putElsewhere = (log: Log) => {
  const value = Buffer.from(
    encodeDefinition({ kind: 'metric', id: 'orders', basedOn: null, body: ORDERS, version: null }),
  );
  return log.append('definitions', 0, [{ key: null, value, headers: {} }]);
};

/** Definitions reach the catalog only while the gate is open. */
function gated(): { open(): void; close(): void; wrap: (log: Log) => Log } {
  let gate = Promise.withResolvers<void>();
  gate.resolve();
  return {
    open: () => gate.resolve(),
    close: () => {
      gate = Promise.withResolvers<void>();
    },
    wrap: (log) => ({
      ...log,
      tail: (topic, partition, from, handler, failed) =>
        log.tail(
          topic,
          partition,
          from,
          async (records) => {
            await gate.promise;
            await handler(records);
          },
          failed,
        ),
    }),
  };
}

it('waits for a metric that another gateway has acknowledged, over sockets and HTTP', async () => {
  const gate = gated();
  gateway = await startGateway({}, { wrapDefinitions: gate.wrap });
  await gateway.facts(Date.now());
  const client = follow(gateway.connect());
  await expect(client.subscribe({ request: { metric: 'nothing' } })).resolves.toMatchObject({
    error: { code: 'unknown_metric', retry: false },
  });
  gate.close();
  await putElsewhere(gateway.log);
  const answers = [
    client.subscribe({ request: { metric: 'orders' } }),
    fetch(`${gateway.url}/v1/metrics/orders`).then((answer) => answer.status),
    fetch(`${gateway.url}/v1/metrics/orders/series`).then((answer) => answer.status),
  ];
  // None of them may have been refused by the time that others are answered.
  await expect(fetch(`${gateway.url}/v1/metrics`).then((answer) => answer.json())).resolves.toEqual({
    metrics: [],
  });
  gate.open();
  expect(await Promise.all(answers)).toMatchObject([{ ok: true }, 200, 200]);
});

it('says that a retry helps where the definitions cannot be read to their end', async () => {
  let broken = false;
  const wrap = (log: Log): Log => ({
    ...log,
    bounds: (topic) => (broken ? Promise.reject(new Error('no brokers')) : log.bounds(topic)),
  });
  gateway = await startGateway({}, { wrapDefinitions: wrap });
  await gateway.facts(Date.now());
  broken = true;
  const client = follow(gateway.connect());
  await expect(client.subscribe({ request: { metric: 'orders' } })).resolves.toMatchObject({
    error: { code: 'log_unavailable', retry: true },
  });
});
