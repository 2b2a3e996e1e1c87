import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SeriesAnswer } from '#contracts/view/series-result.ts';
import { follow, plain } from '../testing/follow-view.ts';
import { ADMIN, startGateway, type TestGateway } from '../testing/start-gateway.ts';

const NOW = 1_700_000_000_000;
const WAIT = { timeout: 10_000, interval: 10 };
const REQUESTS = { event: 'request', aggregate: 'count', groupBy: ['country'], window: '10s' };
const request = { metric: 'rate', range: '30s' };

let gateway: TestGateway;
const versions = new Map<string, number>();
beforeEach(async () => {
  gateway = await startGateway({}, { keysNeeded: true });
  await define('requests', REQUESTS);
  await define('errors', { ...REQUESTS, event: 'error' });
  await define('rate', { expression: 'errors / requests * 100', unit: '%' });
  await gateway.facts(NOW);
  await vi.waitFor(() => expect(gateway.gateway.ready()).toBeNull(), WAIT);
});
afterEach(() => gateway.close());

async function define(id: string, body: object): Promise<void> {
  versions.set(id, (await gateway.define(id, body)).version);
}
const count = (metric: string, country: string, n: number, next: number) =>
  gateway.cells(metric, versions.get(metric)!, [{ pane: NOW, group: [country], count: n, next }]);
const connect = (key = ADMIN) => follow(gateway.connect({ auth: { key } }));
const serve = (id: string) =>
  gateway.catalog.write({ kind: 'serve', id, version: gateway.catalog.catalog.metrics.get(id)!.version });

async function ask(query: Record<string, string>, key = ADMIN): Promise<SeriesAnswer> {
  const answer = await fetch(`${gateway.url}/v1/metrics/rate/series?${new URLSearchParams(query)}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  return (await answer.json()) as SeriesAnswer;
}

describe.each(['websocket', 'polling'] as const)('a derived metric over %s', (transport) => {
  const open = async (more: object = {}) => {
    const client = follow(gateway.connect({ transports: [transport], auth: { key: ADMIN } }));
    const reply = await client.subscribe({ request: { ...request, ...more } });
    if (!reply.ok) throw new Error(reply.error.message);
    const shown = () => plain(client.contents.get(reply.info.view));
    return { client, shown, info: reply.info };
  };

  it('moves with each of its parts', async () => {
    const { client, shown, info } = await open();
    expect(info).toMatchObject({
      unit: '%',
      outputs: ['value'],
      empty: 'none',
      adds: 'nothing',
      events: ['error', 'request'],
    });
    await count('requests', 'DE', 10, 1);
    await vi.waitFor(() => expect(shown()).toEqual({ DE: { [NOW]: 0 } }), WAIT);
    await count('errors', 'DE', 1, 1);
    await vi.waitFor(() => expect(shown()).toEqual({ DE: { [NOW]: 10 } }), WAIT);
    await count('requests', 'FR', 5, 2);
    await count('requests', 'DE', 20, 3);
    await vi.waitFor(() => expect(shown()).toEqual({ DE: { [NOW]: 5 }, FR: { [NOW]: 0 } }), WAIT);
    expect(client.outcomes).not.toContain('behind');
  });

  it('follows a part to its new version under the same id, with a snapshot', async () => {
    const { client, shown, info } = await open();
    await count('requests', 'DE', 10, 1);
    await count('errors', 'DE', 1, 1);
    await vi.waitFor(() => expect(shown()).toEqual({ DE: { [NOW]: 10 } }), WAIT);
    await define('errors', { ...REQUESTS, event: 'fault' });
    await count('errors', 'DE', 5, 1);
    await serve('errors');
    await gateway.facts(NOW + 1);
    await vi.waitFor(() => expect(shown()).toEqual({ DE: { [NOW]: 50 } }), WAIT);
    const [moved] = client.frames.flatMap(({ views }) => views.filter(({ snapshot }) => snapshot));
    expect(moved).toMatchObject({ view: info.view, info: { metric: 'rate', events: ['fault', 'request'] } });
    expect(moved!.version).not.toBe(info.version);
  });

  it('ends with a code when a part is no longer what it was', async () => {
    const { client } = await open({ groupBy: ['country'] });
    await define('errors', { ...REQUESTS, event: 'error', aggregate: 'quantiles(ms, 0.5, 0.9)' });
    await serve('errors');
    await vi.waitFor(() => expect(client.notices).toMatchObject([{ code: 'unknown_part' }]), WAIT);
  });

  it('shows another expression under the same id, and ends when it is deleted', async () => {
    const { client, shown } = await open();
    await count('requests', 'DE', 10, 1);
    await count('errors', 'DE', 1, 1);
    await define('rate', { expression: 'errors + requests' });
    await gateway.facts(NOW + 1);
    await vi.waitFor(() => expect(shown()).toMatchObject({ DE: { [NOW]: 11 } }), WAIT);
    await fetch(`${gateway.url}/v1/metrics/rate`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${ADMIN}` },
    });
    await vi.waitFor(() => expect(client.notices).toMatchObject([{ code: 'unknown_metric' }]), WAIT);
  });
});

it('is filtered by dimensions that all parts have, ranked by its values and compared', async () => {
  for (const [country, errors, requests] of [
    ['DE', 1, 10],
    ['FR', 3, 10],
    ['IT', 2, 4],
  ] as const) {
    await count('errors', country, errors, 1);
    await count('requests', country, requests, 1);
  }
  await gateway.facts(NOW + 1);
  const whole = { window: 'whole', range: '30s' };
  await vi.waitFor(
    async () =>
      expect((await ask({ ...whole, where: 'country = FR' })).series).toMatchObject([{ values: [30] }]),
    WAIT,
  );
  const top = await ask({ ...whole, top: '{"limit":2}', groupBy: 'country' });
  expect(top.series.map(({ group, values }) => [group.country, values])).toEqual([
    ['FR', [30]],
    ['IT', [50]],
  ]);
  expect(top.groups).toBe(3);
  expect((await ask({ ...whole, groupBy: '' })).series).toMatchObject([{ values: [25] }]);
  const { compare } = await ask({ ...whole, groupBy: '', compare: 'previous' });
  expect(compare?.series).toMatchObject([{ values: [null] }]);
  await define('spread', { ...REQUESTS, groupBy: [] });
  await define('rate', { expression: 'errors / spread' });
  const refused = await ask({ where: 'country = FR' });
  expect(refused).toMatchObject({
    code: 'not_a_dimension',
    field: 'where',
    detail: expect.stringMatching(/spread/),
  });
});

it('answers a long-poll when a part changes', async () => {
  await count('requests', 'DE', 10, 1);
  await count('errors', 'DE', 1, 1);
  await vi.waitFor(
    async () => expect((await ask({ range: '30s' })).series).toMatchObject([{ values: [null, null, 10] }]),
    WAIT,
  );
  const { next } = await ask({ range: '30s' });
  const polled = ask({ range: '30s', since: next, wait: '30s' });
  await count('errors', 'DE', 2, 2);
  expect(await polled).toMatchObject({ full: false, panes: [NOW], series: [{ values: [20] }] });
});

it('is allowed by its own id: a key needs none of its parts', async () => {
  const { key } = await gateway.makeKey({ metrics: ['rate'] });
  const reply = await connect(key).subscribe({ request });
  expect(reply).toMatchObject({ ok: true });
  const { key: other } = await gateway.makeKey({ metrics: ['errors', 'requests'] });
  expect(await connect(other).subscribe({ request })).toMatchObject({
    ok: false,
    error: { code: 'forbidden_metric' },
  });
});

it('refuses windows and comparisons that earlier windows do not allow', async () => {
  await define('rate', { expression: 'errors - previous(errors, 1h)' });
  const refusal = async (query: Record<string, string>) => (await ask(query)) as unknown;
  const months = { window: '{"calendar":"month"}', range: '90d' };
  expect(await refusal(months)).toMatchObject({ code: 'invalid_view', field: 'window' });
  const day = { window: 'whole', range: '{"this":"day"}', compare: 'previous' };
  expect(await refusal(day)).toMatchObject({ code: 'invalid_view', field: 'compare' });
});
