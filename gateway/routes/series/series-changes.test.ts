import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SeriesAnswer } from '#contracts/view/series-result.ts';
import { startGateway, type TestGateway } from '../../testing/start-gateway.ts';

const NOW = 1_700_000_000_000;
const ORDERS = { event: 'order', aggregate: 'count', groupBy: ['country'], window: '10s' };
const WAIT = { timeout: 10_000, interval: 10 };
type Answer = SeriesAnswer & { status: number; code?: string; field?: string };

let gateway: TestGateway;
let version: number;
beforeEach(async () => {
  gateway = await startGateway({ waiting: 1 });
  ({ version } = await gateway.define('orders', ORDERS));
  await gateway.facts(NOW);
  await vi.waitFor(() => expect(gateway.gateway.ready()).toBeNull(), WAIT);
});
afterEach(() => gateway.close());

const ask = async (query: string, signal?: AbortSignal): Promise<Answer> => {
  const address = `${gateway.url}/v1/metrics/orders/series?range=30s&${query}`;
  const answer = await fetch(address, signal ? { signal } : {});
  return { status: answer.status, ...((await answer.json()) as SeriesAnswer) };
};
const update = (country: string, count: number, next: number, pane = NOW) =>
  gateway.cells('orders', version, [{ pane, group: [country], count, next }]);
/** Group and window → value, of all answers one after the other. */
const fold = (held: Map<string, number | null>, { full, start, panes, series }: Answer) => {
  if (full) held.clear();
  for (const key of held.keys()) if (Number(key.split('|')[1]) < start) held.delete(key);
  for (const { group, values } of series)
    for (const [i, value] of values.entries()) if (value) held.set(`${group.country}|${panes[i]}`, value);
  return held;
};
/** The one place to wait is taken. */
const isWaiting = (next: string) =>
  vi.waitFor(async () => expect(await ask(`since=${next}&wait=1ms`)).toMatchObject({ status: 429 }), WAIT);

describe('GET …/series?since&wait', () => {
  it('begins with everything and says so', async () => {
    await update('DE', 2, 1);
    const first = await vi.waitFor(async () => {
      const answer = await ask('since=&wait=20s');
      expect(answer.series).toHaveLength(1);
      return answer;
    }, WAIT);
    expect(first).toMatchObject({ full: true, start: NOW - 20_000, end: NOW + 10_000 });
    expect(Object.keys(first).at(-1)).toBe('next');
    expect(encodeURIComponent(first.next)).toBe(first.next);
  });

  it('gives only the series and windows that changed, at once', async () => {
    const first = await ask('');
    await update('DE', 2, 1);
    await update('FR', 1, 2, NOW - 10_000);
    const changed = await ask(`since=${first.next}&wait=20s`);
    expect(changed.full).toBe(false);
    const all = await vi.waitFor(async () => {
      const answer = await ask(`since=${first.next}`);
      expect(answer.series).toHaveLength(2);
      return answer;
    }, WAIT);
    expect(all).toMatchObject({ full: false, panes: [NOW - 10_000, NOW] });
    expect(all.series.map((s) => [s.group.country, s.values]).sort()).toEqual([
      ['DE', [0, 2]],
      ['FR', [1, 0]],
    ]);
    await update('DE', 5, 3);
    const one = await ask(`since=${all.next}&wait=20s`);
    expect(one).toMatchObject({ panes: [NOW], series: [{ group: { country: 'DE' }, values: [5] }] });
  });

  it('shows every change to a loop, whatever comes between the requests', async () => {
    const held = new Map<string, number | null>();
    let next = '';
    const loop = async (last: number) => {
      while (held.get(`DE|${NOW}`) !== last) {
        const answer = await ask(`since=${next}&wait=20s`);
        fold(held, answer);
        next = answer.next;
      }
    };
    const done = loop(40);
    for (let n = 1; n <= 40; n++) {
      await update(n % 2 ? 'FR' : 'DE', n, n);
      if (n % 7 === 0) await gateway.facts(NOW + n * 500);
    }
    await done;
    expect(held).toEqual(fold(new Map(), await ask('')));
    expect(held).toEqual(
      new Map([
        [`DE|${NOW}`, 40],
        [`FR|${NOW}`, 39],
      ]),
    );
  });

  it('answers without a change after the timeout; a heartbeat is not a change', async () => {
    const first = await ask('');
    const asked = ask(`since=${first.next}&wait=300ms`);
    await gateway.facts(NOW + 1_000);
    const answer = await asked;
    expect(answer).toMatchObject({ status: 200, full: false, panes: [], series: [] });
    expect(await ask(`since=${answer.next}`)).toMatchObject({ full: false, asOf: NOW + 1_000 });
  });

  it('gives everything where the token is of another view or epoch', async () => {
    await update('DE', 2, 1);
    const { next, cursor } = await ask('window=30s');
    expect(await ask(`since=${next}&wait=20s`)).toMatchObject({ full: true });
    const view = JSON.parse(Buffer.from((await ask('')).next, 'base64url').toString())[4];
    const strange = Buffer.from(JSON.stringify(['another', cursor.offset, NOW, version, view])).toString(
      'base64url',
    );
    expect(await ask(`since=${strange}&wait=20s`)).toMatchObject({ full: true });
  });

  it('limits how many callers wait, and one that leaves makes room', async () => {
    const { next } = await ask('');
    const leaving = new AbortController();
    const left = ask(`since=${next}&wait=60s`, leaving.signal).catch((error: Error) => error.name);
    await isWaiting(next);
    expect(await ask(`since=${next}&wait=60s`)).toMatchObject({ status: 429, code: 'too_many_waits' });
    expect(await ask(`since=${next}`)).toMatchObject({ status: 200 });
    leaving.abort();
    expect(await left).toBe('AbortError');
    await vi.waitFor(
      async () => expect(await ask(`since=${next}&wait=1ms`)).toMatchObject({ status: 200 }),
      WAIT,
    );
  });

  it('ends with the metric, and with the gateway', async () => {
    const { next } = await ask('');
    const waiting = ask(`since=${next}&wait=60s`);
    await isWaiting(next);
    await fetch(`${gateway.url}/v1/metrics/orders`, { method: 'DELETE' });
    expect(await waiting).toMatchObject({ status: 404, code: 'unknown_metric' });
    await gateway.define('orders', ORDERS);
    const again = await ask(`since=${next}&wait=60s`);
    expect(again).toMatchObject({ full: true, series: [] });
    const last = ask(`since=${again.next}&wait=60s`);
    await isWaiting(again.next);
    const drained = gateway.gateway.drain();
    expect(await last).toMatchObject({ status: 200, full: false, series: [], next: again.next });
    expect(await ask(`since=${again.next}&wait=60s`)).toMatchObject({ status: 503, code: 'shutting_down' });
    await drained;
  });

  it.each([
    ['since=x', 'invalid_parameter', 'since'],
    ['since=WzFd', 'invalid_parameter', 'since'],
    ['wait=61s', 'out_of_range', 'wait'],
    ['wait=20', 'invalid_parameter', 'wait'],
    ['wait=1s&wait=2s', 'invalid_parameter', 'wait'],
  ])('refuses ?%s', async (query, code, field) => {
    expect(await ask(query)).toMatchObject({ status: 400, code, field });
  });
});
