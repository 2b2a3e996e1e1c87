import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ArchiveRow } from '#contracts/log/rows.ts';
import type { PreviewAnswer } from '#contracts/view/preview-result.ts';
import type { Store } from '#platform/store/store.ts';
import { sampleCommit, sampleEvent, T0 } from '#platform/store/testing/store-samples.ts';
import { type Followed, follow, plain } from '../testing/follow-view.ts';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { MOST_KEPT } from './live-previews.ts';

const WAIT = { timeout: 20_000, interval: 100 };
const NOW = T0 + 60_000;
const DEFINITION = { event: 'order', aggregate: 'sum(amount)', groupBy: ['country'], window: '10s' };
const REQUEST = { definition: DEFINITION, range: '2m' };

let gateway: TestGateway;
let offset: number;
let asOf: number;
let hold: Promise<void> | null;
let reads: string[];
beforeEach(async () => {
  [offset, asOf, hold, reads] = [0, NOW, null, []];
  gateway = await startGateway({}, { wrapStore: watched, clock: () => asOf });
});
afterEach(() => gateway.close());

/** The Store, whose folds wait as long as a test holds them, with the names of the reads of previews. */
const watched = (store: Store): Store => ({
  ...store,
  preview(scope) {
    const found = store.preview(scope);
    return {
      ...found,
      async survey(range) {
        reads.push('survey');
        await hold;
        return found.survey(range);
      },
      readWindows(range) {
        reads.push('windows');
        return found.readWindows(range);
      },
      readArrivals(since) {
        reads.push('arrivals');
        return found.readArrivals(since);
      },
    };
  },
});
type Event = [seconds: number, properties: object, over?: Partial<ArchiveRow>];
/** Archives events of partition 0, and lets time pass. */
async function add(events: Event[], passed = 0): Promise<void> {
  const rows = events.map(([seconds, properties, over]) =>
    sampleEvent({ offset: offset++, ts: T0 + seconds * 1_000, ...over }, properties),
  );
  await gateway.store.insertEvents(rows);
  await gateway.store.insertCommits([sampleCommit(0, offset), sampleCommit(1, 0)]);
  asOf += passed;
  await gateway.facts(asOf, { next: 0, committed: 0 });
}
/** Time goes on for the gateway, as an aggregator says once a second: what has changed is sent with that. */
const eventually = (check: () => void | Promise<void>) =>
  vi.waitFor(async () => {
    await gateway.facts(asOf);
    await check();
  }, WAIT);
async function subscribe(followed: Followed, request: object = REQUEST) {
  const reply = await followed.subscribe({ request });
  if (!reply.ok) throw new Error(JSON.stringify(reply.error));
  return { view: reply.info.view, contents: followed.contents.get(reply.info.view)!, reply };
}
const ask = async (definition: object, view: object): Promise<PreviewAnswer> => {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ definition, view });
  const answer = await fetch(`${gateway.url}/v1/preview`, { method: 'POST', headers, body });
  return (await answer.json()) as PreviewAnswer;
};
const open = () => gateway.gateway.totals().gauges?.views;

it('shows what saving would give, with what is known beside it, and goes on with what comes', async () => {
  await add([
    [1, { country: 'DE', amount: 5 }],
    [2, { country: 'DE', amount: 7 }],
    [12, { country: 'FR', amount: 'much' }],
  ]);
  await gateway.define('same', DEFINITION);
  const followed = follow(gateway.connect());
  const { contents, reply } = await subscribe(followed);
  expect(reply.info).toMatchObject({ metric: 'preview', version: 0, groupBy: ['country'], window: 10_000 });
  await eventually(() => expect(contents.preview?.complete).toBe(true));
  expect(plain(contents)).toEqual({ DE: { [T0]: 12 } });
  const answer = await ask(DEFINITION, { range: '2m' });
  const { series: _, metric: __, ...notes } = answer;
  expect(contents.preview).toEqual(notes);
  expect(notes).toMatchObject({
    events: { matched: 3, counted: 2, skipped: [{ field: 'amount', expected: 'number', found: 'text' }] },
    cost: { groups: 1, rows: 2 },
    similar: [{ metric: 'same', same: true }],
  });
  await add(
    [
      [3, { country: 'DE', amount: 1 }],
      [61, { country: 'FR', amount: 2 }],
      [4, { country: 'IT', amount: 9 }, { watermark: T0 + 3_600_000 }],
      [5, { country: 'IT', amount: 4 }, { imported: true }],
    ],
    5_000,
  );
  await eventually(() => {
    expect(plain(contents)).toEqual({ DE: { [T0]: 13 }, FR: { [T0 + 60_000]: 2 }, IT: { [T0]: 4 } });
    expect(contents).toMatchObject({ asOf, preview: { complete: true, events: { counted: 5, late: 1 } } });
  });
  expect(followed.outcomes).not.toContain('behind');
});

it('shares what differs in its text alone, and reads nothing while nothing comes', async () => {
  await add([[1, { country: 'DE', amount: 5 }]]);
  const [one, other] = [follow(gateway.connect()), follow(gateway.connect())];
  const { view, contents } = await subscribe(one);
  await eventually(() => expect(contents.preview?.complete).toBe(true));
  const spelled = { ...DEFINITION, event: ['order'], where: null, title: 'Another title', id: 'sales' };
  const shared = await subscribe(other, { window: '10s', range: '120s', definition: spelled });
  expect(shared.reply.info).toMatchObject({ view, metric: 'sales', title: 'Another title' });
  const before = [...reads];
  await add([], 1_000);
  await add([], 1_000);
  await eventually(() => expect(contents.asOf).toBe(asOf));
  expect(reads).toEqual(before);
});

it('answers in time where the work takes longer, and says how far it is', async () => {
  await add([[1, { country: 'DE', amount: 5 }]]);
  const { promise, resolve } = Promise.withResolvers<void>();
  hold = promise;
  const { contents } = await subscribe(follow(gateway.connect()));
  expect(contents).toMatchObject({ begins: null, preview: { complete: false, evaluated: null, cost: null } });
  resolve();
  await eventually(() => expect(plain(contents)).toEqual({ DE: { [T0]: 5 } }));
  expect(contents.preview).toMatchObject({ complete: true, progress: 1 });
});

it.each<[object, string, string | undefined]>([
  [{ definition: 7 }, 'invalid_view', 'definition'],
  [{ definition: DEFINITION, metric: 'orders' }, 'invalid_view', 'metric'],
  [{ definition: { ...DEFINITION, aggregate: 'sums(x)' } }, 'unknown_aggregate', 'definition.aggregate'],
  [{ definition: { expression: 'a / b' } }, 'invalid_definition', 'definition.expression'],
  [{ definition: DEFINITION, groupBy: ['plan'] }, 'invalid_view', 'groupBy'],
  [{ definition: DEFINITION, where: { plan: 'pro' } }, 'not_a_dimension', 'where'],
])('refuses %j and names the field', async (request, code, field) => {
  await add([]);
  const reply = await follow(gateway.connect()).subscribe({ request });
  expect(reply).toMatchObject({ ok: false, error: { code, field, retry: false } });
});

it('bounds those of a connection and of all, and says what fits; one that ends makes room', async () => {
  await add([[1, { country: 'DE', amount: 5 }]]);
  const request = (i: number) => ({ ...REQUEST, definition: { ...DEFINITION, event: `e${i}` } });
  const socket = gateway.connect();
  const first = follow(socket);
  const views: string[] = [];
  for (let i = 0; i < 2; i++) views.push((await subscribe(first, request(i))).view);
  expect(await first.subscribe({ request: request(2) })).toMatchObject({
    error: { code: 'too_many_views', field: 'definition', message: expect.stringContaining('2 previews') },
  });
  const others = Array.from({ length: MOST_KEPT / 2 - 1 }, () => follow(gateway.connect()));
  for (const [i, other] of others.entries())
    for (const j of [0, 1]) await subscribe(other, request(10 + 2 * i + j));
  const [again, more] = [follow(gateway.connect()), request(99)];
  expect(await again.subscribe({ request: more })).toMatchObject({
    error: { code: 'too_many_waits', retry: true, message: expect.stringContaining('POST /v1/preview') },
  });
  expect(await again.subscribe({ request: request(0) })).toMatchObject({ ok: true });
  socket.emit('unsubscribe', { view: views[1] });
  await vi.waitFor(
    async () => expect(await again.subscribe({ request: more })).toMatchObject({ ok: true }),
    WAIT,
  );
});

it('ends with the connection, and with the key', async () => {
  await gateway.close();
  gateway = await startGateway({}, { wrapStore: watched, clock: () => asOf, keysNeeded: true });
  await add([[1, { country: 'DE', amount: 5 }]]);
  const restricted = await gateway.makeKey({ metrics: ['orders'] });
  const refused = await follow(gateway.connect({ auth: { key: restricted.key } })).subscribe({
    request: REQUEST,
  });
  expect(refused).toMatchObject({ ok: false, error: { code: 'forbidden_metric' } });
  const { key, id } = await gateway.makeKey({});
  const socket = gateway.connect({ auth: { key } });
  const followed = follow(socket);
  await subscribe(followed);
  expect(open()).toBe(1);
  socket.emit('auth', { key: restricted.key });
  await vi.waitFor(() => expect(followed.notices).toMatchObject([{ code: 'forbidden_metric' }]), WAIT);
  expect(open()).toBe(0);
  const other = follow(gateway.connect({ auth: { key } }));
  await subscribe(other);
  await gateway.revoke(id);
  await vi.waitFor(() => expect(open()).toBe(0), WAIT);
  const third = gateway.connect({ auth: { key: (await gateway.makeKey({})).key } });
  await subscribe(follow(third));
  third.disconnect();
  await vi.waitFor(() => expect(open()).toBe(0), WAIT);
});
