import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInMetrics, EVENT_COUNTS } from '#contracts/metric/built-in.ts';
import { defineBuiltIns } from '#platform/definitions/define-built-ins.ts';
import { startGateway, type TestGateway } from '../../testing/start-gateway.ts';

const HORIZON = 3_600_000;
const BUILT_IN_METRICS = builtInMetrics(HORIZON);

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ definitions: 2 });
  await defineBuiltIns(gateway.catalog, HORIZON);
});
afterAll(() => gateway.close());

const METRIC = { event: 'order', aggregate: 'count' };
const call = async (method: string, path: string, body?: object) => {
  const answer = await fetch(`${gateway.url}/v1/${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

describe('a built-in metric', () => {
  it('can be read like any other', async () => {
    expect(await call('GET', `metrics/${EVENT_COUNTS}`)).toEqual({
      status: 200,
      body: BUILT_IN_METRICS[EVENT_COUNTS],
    });
    await gateway.facts(Date.now());
    const series = await call('GET', `metrics/${EVENT_COUNTS}/series?range=1m`);
    expect(series).toMatchObject({ status: 200, body: { metric: EVENT_COUNTS } });
  });

  it('is in no list, and takes no place of those that people define', async () => {
    for (const id of ['a', 'b']) expect((await call('PUT', `metrics/${id}`, METRIC)).status).toBe(201);
    const { body } = await call('GET', 'metrics');
    expect(body.metrics).toMatchObject([{ id: 'a' }, { id: 'b' }]);
    expect(await call('PUT', 'metrics/c', METRIC)).toMatchObject({
      status: 409,
      body: { code: 'too_many_definitions' },
    });
  });

  it.each(['PUT', 'DELETE'])('is not changed by %s', async (method) => {
    const refused = await call(method, `metrics/${EVENT_COUNTS}`, method === 'PUT' ? METRIC : undefined);
    expect(refused).toMatchObject({ status: 409, body: { code: 'built_in_metric', field: 'id' } });
    expect(gateway.catalog.catalog.metrics.get(EVENT_COUNTS)?.body).toEqual(BUILT_IN_METRICS[EVENT_COUNTS]);
  });

  it('leaves its kind of id to nobody', async () => {
    const refused = await call('PUT', 'metrics/$orders', METRIC);
    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_definition', field: 'id' } });
  });
});
