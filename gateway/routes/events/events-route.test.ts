import { afterEach, expect, it } from 'vitest';
import { EVENT_PAGE, type EventPage } from '#contracts/event/event-page.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import type { Store } from '#platform/store/store.ts';
import { sampleEvent, T0 } from '#platform/store/testing/store-samples.ts';
import { startGateway, type TestGateway } from '../../testing/start-gateway.ts';

let gateway: TestGateway;
afterEach(() => gateway.close());

const ask = async (query = '', key?: string) => {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const answer = await fetch(`${gateway.url}/v1/events${query}`, { headers });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
};
const page = async (query = ''): Promise<EventPage> => {
  const { status, body } = await ask(query);
  expect(status).toBe(200);
  const read = readAs(EVENT_PAGE, body, { code: 'wrong_type' });
  if (!read.ok) throw new Error(read.fault.message);
  return read.value;
};
const indexes = ({ events }: EventPage): number[] => events.map(({ position }) => position.index);
const filter = (where: object): string => `?where=${encodeURIComponent(JSON.stringify(where))}`;

it('shows events with all that is known of them', async () => {
  gateway = await startGateway();
  await gateway.store.insertEvents([
    sampleEvent(
      { part: 1, offset: 4, index: 2, id: 'i', key: 'k', ts: T0, received: T0 + 5, watermark: T0 + 70_000 },
      { country: 'DE', deep: { x: [1, null] } },
    ),
    sampleEvent({ part: 0, offset: 9, imported: true, ts: T0 - 1, watermark: T0 }),
    sampleEvent({ part: 0, offset: 8, ts: T0 - 2, watermark: T0 - 3 }),
  ]);
  const head = { event: 'order', id: null, key: null, received: T0, properties: {} };
  const { headers, body } = await ask();
  expect(headers.get('cache-control')).toBe('no-store');
  expect(body).toEqual({
    events: [
      {
        ...{ event: 'order', id: 'i', key: 'k', timestamp: T0, received: T0 + 5, behind: 70_000 },
        position: { partition: 1, offset: 4, index: 2 },
        properties: { country: 'DE', deep: { x: [1, null] } },
      },
      { ...head, timestamp: T0 - 1, imported: true, position: { partition: 0, offset: 9, index: 0 } },
      { ...head, timestamp: T0 - 2, position: { partition: 0, offset: 8, index: 0 } },
    ],
    searched: null,
    next: null,
  });
});

it('filters by time, name, key, id and properties', async () => {
  gateway = await startGateway();
  const at = (index: number, over: object, properties = {}) =>
    sampleEvent({ index, ts: T0 + index * 1_000, ...over }, properties);
  await gateway.store.insertEvents([
    at(0, { event: 'a', key: 'k 1' }, { n: 1 }),
    at(1, { event: 'b', id: 'i&1' }, { n: 2 }),
    at(2, { event: 'c,d', key: 'k 1' }, { n: 3 }),
  ]);
  const iso = (d: number) => new Date(T0 + d).toISOString();
  expect(indexes(await page('?event=a&event=c,d'))).toEqual([2, 0]);
  expect(indexes(await page('?key=k%201'))).toEqual([2, 0]);
  expect(indexes(await page('?id=i%261'))).toEqual([1]);
  expect(indexes(await page(`?from=${iso(1_000)}`))).toEqual([2, 1]);
  expect(indexes(await page(`?from=${T0}&to=${iso(2_000)}`))).toEqual([1, 0]);
  expect(indexes(await page(`${filter({ n: { gte: 2 } })}&key=k%201`))).toEqual([2]);
  expect(indexes(await page('?event=e'))).toEqual([]);
});

it('goes on from page to page, whatever comes meanwhile, and says how far it has searched', async () => {
  gateway = await startGateway();
  const rows = Array.from({ length: 5 }, (_, index) => sampleEvent({ index, ts: T0 + index }));
  await gateway.store.insertEvents(rows);
  const first = await page(`?limit=2&from=${T0}`);
  expect(indexes(first)).toEqual([4, 3]);
  expect(first.searched).toBe(T0 + 3);
  await gateway.store.insertEvents([sampleEvent({ index: 9, ts: T0 + 9 })]);
  const second = await page(`?limit=2&from=${T0}&cursor=${first.next}`);
  expect(indexes(second)).toEqual([2, 1]);
  const third = await page(`?limit=2&from=${T0}&cursor=${second.next}`);
  expect(third).toMatchObject({ searched: T0, next: null });
  expect(indexes(third)).toEqual([0]);
});

it('refuses what it cannot read, and says why', async () => {
  gateway = await startGateway();
  const cases: [query: string, code: string, field: string | undefined][] = [
    ['?limit=0', 'out_of_range', 'limit'],
    ['?limit=1001', 'out_of_range', 'limit'],
    ['?limit=ten', 'invalid_parameter', 'limit'],
    ['?from=yesterday', 'invalid_parameter', 'from'],
    ['?from=2026-11-29T14:00:00Z&to=2026-11-29T14:00:00Z', 'invalid_parameter', 'to'],
    ['?cursor=abc', 'invalid_parameter', 'cursor'],
    [`?cursor=${Buffer.from('[1,-1,2,3]').toString('base64url')}`, 'invalid_parameter', 'cursor'],
    [`?cursor=${Buffer.from('[1,1,2,4294967296]').toString('base64url')}`, 'invalid_parameter', 'cursor'],
    [`?cursor=${Buffer.from('[1,1,2,3,4]').toString('base64url')}`, 'invalid_parameter', 'cursor'],
    ['?key=', 'invalid_parameter', 'key'],
    ['?where=x', 'invalid_filter', 'where'],
    ['?where={', 'invalid_parameter', 'where'],
    [filter({ a: { near: 1 } }), 'invalid_filter', 'where.a.near'],
    ['?since=1', 'invalid_parameter', 'since'],
  ];
  for (const [query, code, field] of cases) {
    const { status, body } = await ask(query);
    expect([query, status, body.code, body.field]).toEqual([query, 400, code, field]);
  }
});

it('is for keys that may read everything', async () => {
  gateway = await startGateway({}, { keysNeeded: true });
  const reader = await gateway.makeKey({ scope: 'read' });
  const some = await gateway.makeKey({ scope: 'read', metrics: ['orders'] });
  const writer = await gateway.makeKey({ scope: 'write' });
  expect((await ask('', reader.key)).status).toBe(200);
  expect(await ask('', some.key)).toMatchObject({ status: 403, body: { code: 'forbidden_metric' } });
  expect(await ask('', writer.key)).toMatchObject({ status: 403, body: { code: 'forbidden_scope' } });
  expect(await ask('')).toMatchObject({ status: 401, body: { code: 'missing_key' } });
});

it('reads one page at a time, and lets a bounded number wait', async () => {
  const held = Promise.withResolvers<void>();
  let running = 0;
  let most = 0;
  const wrapStore = (store: Store): Store => ({
    ...store,
    async readEvents(query) {
      most = Math.max(most, ++running);
      await held.promise;
      running -= 1;
      return store.readEvents(query);
    },
  });
  gateway = await startGateway({}, { wrapStore });
  const answers = Array.from({ length: 101 }, () => ask());
  // Only the one that is refused can have been answered.
  expect(await Promise.race(answers)).toMatchObject({ status: 429, body: { code: 'too_many_waits' } });
  held.resolve();
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(100);
  expect(most).toBe(1);
});
