import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { follow, plain } from '../testing/follow-view.ts';
import { ADMIN, startGateway, type TestGateway } from '../testing/start-gateway.ts';

const NOW = 1_700_000_000_000;
const WAIT = { timeout: 10_000, interval: 10 };
const REQUESTS = { event: 'request', aggregate: 'count', groupBy: ['country'], window: '10s' };
const request = { expression: 'errors/requests × 100', range: '30s' };

let gateway: TestGateway;
const versions = new Map<string, number>();
beforeEach(async () => {
  gateway = await startGateway({}, { keysNeeded: true });
  await define('requests', 'request');
  await define('errors', 'error');
  await gateway.facts(NOW);
  await vi.waitFor(() => expect(gateway.gateway.ready()).toBeNull(), WAIT);
});
afterEach(() => gateway.close());

async function define(id: string, event: string): Promise<void> {
  versions.set(id, (await gateway.define(id, { ...REQUESTS, event })).version);
}
const count = (metric: string, country: string, n: number, next: number) =>
  gateway.cells(metric, versions.get(metric)!, [{ pane: NOW, group: [country], count: n, next }]);
const connect = (key = ADMIN) => follow(gateway.connect({ auth: { key } }));

async function ask(metric: string, query: Record<string, string> = {}, key = ADMIN) {
  const address = `${gateway.url}/v1/metrics/${encodeURIComponent(metric)}/series?${new URLSearchParams({ range: '30s', ...query })}`;
  const answer = await fetch(address, { headers: { authorization: `Bearer ${key}` } });
  return (await answer.json()) as Record<string, unknown>;
}

describe.each(['websocket', 'polling'] as const)('a view of an expression over %s', (transport) => {
  const open = async (asked: object = request) => {
    const client = follow(gateway.connect({ transports: [transport], auth: { key: ADMIN } }));
    const reply = await client.subscribe({ request: asked });
    if (!reply.ok) throw new Error(reply.error.message);
    const shown = () => plain(client.contents.get(reply.info.view));
    return { client, shown, info: reply.info };
  };

  it('moves with the metrics that it names, and is one view however it is written', async () => {
    const { shown, info, client } = await open();
    expect(info).toMatchObject({ metric: '= errors / requests * 100', title: 'errors / requests * 100' });
    const same = await open({ metric: '=(errors / requests) * 100', range: '30s' });
    expect(same.info.view).toBe(info.view);
    await count('requests', 'DE', 10, 1);
    await count('errors', 'DE', 1, 1);
    await vi.waitFor(() => expect(shown()).toEqual({ DE: { [NOW]: 10 } }), WAIT);
    await vi.waitFor(() => expect(same.shown()).toEqual({ DE: { [NOW]: 10 } }), WAIT);
    await count('errors', 'DE', 2, 2);
    await vi.waitFor(() => expect(shown()).toEqual({ DE: { [NOW]: 20 } }), WAIT);
    expect(client.outcomes).not.toContain('behind');
  });

  it('follows a metric to its new version, and ends with it', async () => {
    const { client, shown } = await open();
    await count('requests', 'DE', 10, 1);
    await count('errors', 'DE', 1, 1);
    await vi.waitFor(() => expect(shown()).toEqual({ DE: { [NOW]: 10 } }), WAIT);
    await define('errors', 'fault');
    await count('errors', 'DE', 5, 1);
    const { version } = gateway.catalog.catalog.metrics.get('errors')!;
    await gateway.catalog.write({ kind: 'serve', id: 'errors', version });
    await vi.waitFor(() => expect(shown()).toEqual({ DE: { [NOW]: 50 } }), WAIT);
    await fetch(`${gateway.url}/v1/metrics/errors`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${ADMIN}` },
    });
    await vi.waitFor(() => expect(client.notices).toMatchObject([{ code: 'unknown_part' }]), WAIT);
  });
});

it('is asked for in an address in the place of an id', async () => {
  await count('requests', 'DE', 10, 1);
  await count('errors', 'DE', 1, 1);
  await vi.waitFor(
    async () =>
      expect(await ask('= errors / requests')).toMatchObject({
        metric: '= errors / requests',
        series: [{ values: [null, null, 0.1] }],
      }),
    WAIT,
  );
  const { next } = await ask('= errors / requests');
  const polled = ask('=errors/requests', { since: String(next), wait: '30s' });
  await count('errors', 'DE', 2, 2);
  expect(await polled).toMatchObject({ full: false, panes: [NOW], series: [{ values: [0.2] }] });
});

it('needs a key for every metric that it names', async () => {
  const { key } = await gateway.makeKey({ metrics: ['errors'] });
  const { key: both } = await gateway.makeKey({ metrics: ['errors', 'requests'] });
  const forbidden = { ok: false, error: { code: 'forbidden_metric' } };
  expect(await connect(key).subscribe({ request })).toMatchObject(forbidden);
  expect(await connect(key).subscribe({ request: { metric: '= errors / requests' } })).toMatchObject(
    forbidden,
  );
  expect(await ask('= errors / requests', {}, key)).toMatchObject({ code: 'forbidden_metric' });
  expect(await connect(key).subscribe({ request: { expression: 'errors * 2' } })).toMatchObject({ ok: true });
  const socket = gateway.connect({ auth: { key: both } });
  const client = follow(socket);
  const opened = await client.subscribe({ request });
  expect(opened).toMatchObject({ ok: true });
  expect(await socket.timeout(10_000).emitWithAck('auth', { key })).toMatchObject({ ok: true });
  await vi.waitFor(() => expect(client.notices).toMatchObject([{ code: 'forbidden_metric' }]), WAIT);
});

it.each([
  [{ expression: 'errors /' }, 'invalid_expression', /at character 9/],
  [{ expression: 'erors / requests' }, 'unknown_part', /Is errors meant/],
  [{ metric: '= 1 + 2' }, 'invalid_expression', /at least one metric/],
  [{ metric: 'errors', expression: 'errors' }, 'invalid_view', /not of both/],
  [{ expression: 7 }, 'invalid_view', /expected an expression/],
  [{}, 'invalid_view', /or expression in its place, but it is missing\.$/],
])('refuses %j', async (asked, code, message) => {
  expect(await connect().subscribe({ request: asked })).toMatchObject({
    ok: false,
    error: { code, message: expect.stringMatching(message) },
  });
});
