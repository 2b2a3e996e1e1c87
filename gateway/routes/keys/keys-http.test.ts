import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBudgets } from '#platform/limits/budgets.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import { startGateway, type TestGateway } from '../../testing/start-gateway.ts';

const NOW = 1_700_000_000_000;
const COUNT = { event: 'order', aggregate: 'count', window: '10s' };
const WAIT = { timeout: 10_000, interval: 10 };

let gateway: TestGateway;
let now: number;
/** Requests that wait for a change. */
let waits: () => number;
const ask = async (path: string, key: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(gateway.url + path, { headers: { authorization: `Bearer ${key}`, ...headers } });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
beforeEach(async () => {
  now = Date.now();
  const budgets = createBudgets(createMetrics(false));
  waits = () => budgets.report().find(({ name }) => name === 'waiting_requests')!.used;
  gateway = await startGateway({}, { keysNeeded: true, clock: () => now, budgets });
  await gateway.define('orders', COUNT);
  await gateway.define('visits', COUNT);
  await gateway.facts(NOW);
  await vi.waitFor(() => expect(gateway.gateway.ready()).toBeNull(), WAIT);
});
afterEach(() => gateway.close());

describe('a key of some metrics', () => {
  it('lists and reads those, and does not learn which others exist', async () => {
    const { key } = await gateway.makeKey({ metrics: ['orders', 'later'] });
    expect((await ask('/v1/metrics', key)).body).toMatchObject({ metrics: [{ id: 'orders' }] });
    expect(await ask('/v1/metrics/orders', key)).toMatchObject({ status: 200, body: { id: 'orders' } });
    expect(await ask('/v1/metrics/later', key)).toMatchObject({ status: 404 });
    for (const path of ['visits', 'nothing', 'visits/series', 'nothing/series', 'visits/series?range=x']) {
      const body = { code: 'forbidden_metric', retry: false };
      expect(await ask(`/v1/metrics/${path}`, key), path).toMatchObject({ status: 403, body });
    }
    expect(await ask('/v1/metrics/orders/series', key)).toMatchObject({ status: 200 });
    expect(await ask('/v1/boards', key)).toMatchObject({ status: 200, body: { boards: [] } });
  });

  it('may not list keys', async () => {
    const { key } = await gateway.makeKey({});
    expect(await ask('/v1/keys', key)).toMatchObject({ status: 403, body: { code: 'forbidden_scope' } });
  });
});

describe('a request that waits for a change', () => {
  const waiting = async (key: string) => {
    const { body } = await ask('/v1/metrics/orders/series', key);
    let answer: Awaited<ReturnType<typeof ask>> | null = null;
    const done = ask(`/v1/metrics/orders/series?wait=50s&since=${String(body.next)}`, key).then((got) => {
      answer = got;
    });
    await vi.waitFor(() => expect(waits()).toBe(1), WAIT);
    // A question that came later is answered meanwhile.
    expect(await ask('/v1/metrics/orders/series', key)).toMatchObject({ status: 200 });
    expect(answer).toBeNull();
    return async () => {
      await done;
      return answer!;
    };
  };

  it('is answered when its key is revoked', async () => {
    const { key, id } = await gateway.makeKey({});
    const answer = await waiting(key);
    await gateway.revoke(id);
    expect(await answer()).toMatchObject({ status: 401, body: { code: 'revoked_key', retry: false } });
  });

  it('is answered when its key expires', async () => {
    const { key } = await gateway.makeKey({ expires: new Date(now + 60_000).toISOString() });
    const answer = await waiting(key);
    now += 60_000;
    expect(await answer()).toMatchObject({ status: 401, body: { code: 'expired_key', retry: false } });
  });
});
