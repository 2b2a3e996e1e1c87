import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../../testing/start-gateway.ts';

const COUNT = { event: 'order', aggregate: 'count', groupBy: ['country', 'plan'], window: '10s' };
const LATENCY = { event: 'order', aggregate: 'quantiles(ms, 0.5, 0.99)', unit: 'ms', window: '10s' };

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startGateway({ definitions: 100 });
  await gateway.define('orders', COUNT);
  await gateway.define('errors', { ...COUNT, event: 'failed', groupBy: ['country'] });
  await gateway.define('latency', LATENCY);
  await gateway.define('shop.2-eu', COUNT);
});
afterEach(() => gateway.close());

const call = async (method: string, path: string, body?: object, accept = 'application/json') => {
  const answer = await fetch(`${gateway.url}/v1/${path}`, {
    method,
    headers: { accept, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json');
  return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
};
const put = (id: string, definition: object) => call('PUT', `metrics/${id}`, definition);

describe('a derived metric', () => {
  it('is created, read in canonical form, listed and deleted, as JSON and YAML', async () => {
    const made = await put('error_rate', { expression: 'errors/orders×100', unit: '%', title: 'Errors' });
    const expression = 'errors / orders * 100';
    const canonical = { id: 'error_rate', title: 'Errors', unit: '%', expression, window: '10s' };
    expect(made).toMatchObject({ status: 201, body: canonical });
    const read = await call('GET', 'metrics/error_rate');
    expect(read.body).toEqual(canonical);
    expect(read.headers.get('millrace-backfilled')).toBeNull();
    expect(read.headers.get('millrace-fault')).toBeNull();
    const yaml = await call('GET', 'metrics/error_rate', undefined, 'application/yaml');
    expect(yaml.body).toContain('expression: errors / orders * 100');
    const again = await put('error_rate', canonical);
    expect([again.status, again.headers.get('etag')]).toEqual([200, made.headers.get('etag')]);
    const { metrics, faults } = (await call('GET', 'metrics')).body;
    expect(metrics).toContainEqual(canonical);
    expect(faults).toBeUndefined();
    expect((await call('DELETE', 'metrics/error_rate')).status).toBe(204);
  });

  it.each([
    ['invalid_expression', 'expression', { expression: 'errors /' }],
    ['invalid_expression', 'expression', { expression: '1 + 1' }],
    ['invalid_expression', 'expression', { expression: 'self + 1' }],
    ['invalid_expression', 'expression', { expression: 'orders - previous(orders, 1500ms)' }],
    ['invalid_expression', 'expression', { expression: 5 }],
    ['unknown_part', 'expression', { expression: 'errors / request' }],
    ['unknown_part', 'expression', { expression: 'latency.p95' }],
    ['unknown_part', 'expression', { expression: 'latency * 2' }],
    ['unit_mismatch', 'expression', { expression: 'latency.p99 + cents' }],
    ['invalid_definition', 'groupBy', { expression: 'errors / orders', groupBy: ['color'] }],
    ['invalid_definition', 'event', { expression: 'errors', event: 'order' }],
    ['invalid_definition', 'color', { expression: 'errors', color: 'red' }],
    ['invalid_window', 'window', { expression: 'errors', window: '1500ms' }],
    ['invalid_window', 'window', { expression: 'errors + slow', window: '6s' }],
  ])('is refused with %s at %s: %o', async (code, field, definition) => {
    await put('slow', { ...COUNT, pane: '5s' });
    await put('cents', { ...COUNT, aggregate: 'sum(price)', unit: 'ct' });
    expect((await put('self', definition)).body).toMatchObject({ status: 400, code, field });
  });

  it('is refused with what may be meant', async () => {
    const messageOf = async (expression: string) => (await put('x', { expression })).body.detail;
    expect(await messageOf('error / orders')).toMatch(/there is no metric "error"\. Is errors meant\?/);
    expect(await messageOf('shop - 1')).toMatch(/Is "shop\.2-eu" meant\? Ids with "\." or "-" are quoted/);
    expect(await messageOf('latency.p98 - 1')).toMatch(/it has p50, p99/);
    expect(await messageOf('latency - 1')).toMatch(/has several outputs: name one of p50, p99/);
  });

  it('takes the unit of its own for granted', async () => {
    const mixed = { expression: 'latency.p99 + orders', unit: 'points' };
    expect((await put('points', mixed)).body).toMatchObject({ unit: 'points' });
  });

  it('may be computed from others, and not from itself or ever deeper', async () => {
    await put('a', { expression: 'orders + 1' });
    await put('b', { expression: 'a * 2' });
    const circle = await put('a', { expression: 'orders + b' });
    expect(circle.body).toMatchObject({
      code: 'invalid_expression',
      detail: expect.stringMatching(/a → b → a/),
    });
    for (let i = 0; i < 7; i++)
      await put(`level_${i}`, { expression: i === 0 ? 'orders' : `level_${i - 1} + 1` });
    expect(await put('level_7', { expression: 'level_6' })).toMatchObject({ status: 201 });
    const deep = await put('level_8', { expression: 'level_7' });
    expect(deep.body).toMatchObject({
      code: 'invalid_expression',
      detail: expect.stringMatching(/at most 8 derived metrics/),
    });
  });

  it('bounds what a few definitions can multiply to', async () => {
    await put('wide_0', { expression: Array.from({ length: 60 }, () => 'orders').join(' + ') });
    for (const i of [1, 2]) {
      const { body } = await put(`wide_${i}`, {
        expression: `wide_${i - 1} * 1 + wide_${i - 1} + wide_${i - 1}`,
      });
      if (i === 1) expect(body).toMatchObject({ expression: 'wide_0 * 1 + wide_0 + wide_0' });
      else
        expect(body).toMatchObject({
          code: 'invalid_expression',
          detail: expect.stringMatching(/at most 200 values/),
        });
    }
  });

  it('keeps what it is computed from from being deleted, and says when that has become another', async () => {
    await put('p99_in_s', { expression: 'latency.p99 / 1000' });
    const used = await call('DELETE', 'metrics/latency');
    expect(used.body).toMatchObject({
      status: 409,
      code: 'metric_in_use',
      detail: expect.stringMatching(/used by p99_in_s/),
    });
    expect((await put('latency', { ...LATENCY, aggregate: 'quantiles(ms, 0.5)' })).status).toBe(200);
    await gateway.catalog.write({
      kind: 'serve',
      id: 'latency',
      version: gateway.catalog.catalog.metrics.get('latency')!.version,
    });
    const read = await call('GET', 'metrics/p99_in_s');
    expect([read.status, read.headers.get('millrace-fault')]).toEqual([200, 'unknown_part']);
    expect((await call('GET', 'metrics')).body.faults).toMatchObject([
      { id: 'p99_in_s', code: 'unknown_part' },
    ]);
    const asked = await call('GET', 'metrics/p99_in_s/series');
    expect(asked.body).toMatchObject({ status: 400, code: 'unknown_part' });
    expect((await call('DELETE', 'metrics/p99_in_s')).status).toBe(204);
    expect((await call('DELETE', 'metrics/latency')).status).toBe(204);
  });

  it('may take the place of a metric that is folded, and the other way round', async () => {
    expect((await put('errors', { expression: 'orders / 2' })).status).toBe(200);
    const { served, version } = gateway.catalog.catalog.metrics.get('errors')!;
    expect(served.version).toBe(version);
    expect((await put('errors', COUNT)).status).toBe(200);
    const again = gateway.catalog.catalog.metrics.get('errors')!;
    expect([again.served.version, again.served.body.event]).toEqual([again.version, 'order']);
  });

  it('has no late events to count', async () => {
    await put('half', { expression: 'orders / 2' });
    const rebuild = await call('POST', 'metrics/half/rebuild', {});
    expect(rebuild.body).toMatchObject({ status: 409, code: 'derived_metric' });
  });
});
