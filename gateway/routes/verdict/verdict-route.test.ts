import { afterEach, expect, it } from 'vitest';
import type { ActiveMetric } from '#contracts/log/rows.ts';
import {
  EVENT_VERDICT,
  type EventVerdict,
  VERDICTS_ANSWER,
  type VerdictsAnswer,
} from '#contracts/metric/verdict.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import { sampleCommit, sampleEvent, T0 } from '#platform/store/testing/store-samples.ts';
import { startGateway, type TestGateway } from '../../testing/start-gateway.ts';

let gateway: TestGateway;
afterEach(() => gateway.close());

const MINUTE = 60_000;
const ORDERS = {
  event: 'order',
  aggregate: 'sum(amount)',
  groupBy: ['country'],
  where: { plan: { not: 'free' }, amount: { not: 13 } },
};

const bearer = (key?: string): Record<string, string> =>
  key === undefined ? {} : { authorization: `Bearer ${key}` };

async function ask(query: Record<string, string>, key?: string) {
  const answer = await fetch(`${gateway.url}/v1/events/verdict?${new URLSearchParams(query)}`, {
    headers: bearer(key),
  });
  return { status: answer.status, body: await answer.json() };
}

async function paste(body: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${gateway.url}/v1/events/verdict`, { method: 'POST', body, headers });
  return { status: answer.status, body: await answer.json() };
}

async function verdicts(query: Record<string, string>): Promise<VerdictsAnswer> {
  const { body } = await ask(query);
  const read = readAs(VERDICTS_ANSWER, body, { code: 'wrong_type' });
  if (!read.ok) throw new Error(JSON.stringify(body));
  return read.value;
}

async function pasted(event: unknown): Promise<EventVerdict> {
  const { body } = await paste(typeof event === 'string' ? event : JSON.stringify(event));
  const read = readAs(EVENT_VERDICT, body, { code: 'wrong_type' });
  if (!read.ok) throw new Error(JSON.stringify(body));
  return read.value;
}

/** What the first metric made of the event at an offset. */
async function at(offset: number) {
  const { verdicts: found } = await verdicts({ position: `0:${offset}:0` });
  const { metric: _, version: __, ...verdict } = found[0]!.metrics[0]!;
  return verdict;
}

async function store(over: Partial<ActiveMetric> = {}): Promise<void> {
  const { version, body } = await gateway.define('orders', ORDERS);
  const active = { metric: 'orders', version, activation: 2, definition: body, backfilled: true, ...over };
  for (const part of [0, 1]) {
    const commit = sampleCommit(part, 90);
    const facts = { ...commit.facts, watermark: T0 + 5 * MINUTE, active: [active] };
    await gateway.store.insertCommits([{ ...commit, facts }]);
  }
  const row = { metric: 'orders', version, pane: T0, next: 9, state: { nums: [1], keys: [], counts: [1] } };
  await gateway.store.insertPanes([
    { ...row, group: ['DE'], part: '0' },
    { ...row, group: ['__other__'], part: '0' },
  ]);
}

it('says what each metric made of an archived event', async () => {
  gateway = await startGateway();
  await store();
  const event = (offset: number, properties: object, over: object = {}) =>
    sampleEvent({ offset, ts: T0 + 1, ...over }, properties);
  const late = { watermark: T0 + MINUTE + 8 };
  await gateway.store.insertEvents([
    event(1, { country: 'DE', amount: 1 }),
    event(2, { country: 'DE', amount: 1 }),
    event(3, { country: 'FR', amount: 1 }),
    event(4, { country: 'DE', amount: 1 }, { ts: T0 + 1_000 }),
    event(5, { country: 'DE', amount: 1 }, late),
    event(6, { country: ['DE'], amount: 1 }),
    event(7, { country: 'DE', amount: '1' }),
    event(8, { country: 'DE' }),
    event(9, { country: 'DE', amount: 1, plan: 'free' }),
    event(10, { country: 'DE', amount: 13 }, late),
    event(11, { country: 'DE', amount: 1 }, { event: 'visit' }),
    event(12, { country: 'DE', amount: 1 }, { imported: true }),
  ]);
  const counted = { outcome: 'counted', part: 'live', pane: T0, group: { country: 'DE' } };
  expect(await at(1)).toEqual({ ...counted, part: 'filled', merged: null });
  expect(await at(2)).toEqual({ ...counted, merged: false });
  expect(await at(3)).toEqual({ ...counted, group: { country: '__other__' }, merged: true });
  expect(await at(4)).toEqual({ ...counted, pane: T0 + 1_000, merged: null });
  expect(await at(5)).toEqual({ outcome: 'late', by: 7 });
  const skipped = { outcome: 'skipped', expected: 'a finite number', field: 'amount', found: 'text' };
  expect(await at(6)).toEqual({
    ...skipped,
    ...{ field: 'country', expected: 'text, a number or a boolean', found: 'list' },
  });
  expect(await at(7)).toEqual(skipped);
  expect(await at(8)).toEqual({ ...skipped, outcome: 'absent', found: 'nothing' });
  expect(await at(9)).toEqual({ outcome: 'no_match', condition: 'plan != free' });
  expect(await at(10)).toEqual({ outcome: 'no_match', condition: 'amount != 13' });
  expect(await at(11)).toEqual({ outcome: 'no_match', field: '$event', expected: 'order' });
  expect(await at(12)).toEqual({ outcome: 'imported' });
});

it('knows what was filled in, and what will be', async () => {
  gateway = await startGateway();
  const added = { groups: 9, imports: 3, late: { request: 1, below: 5, filled: 5 } };
  await store({ activation: 7, backfilled: false, added });
  const properties = { country: 'DE', amount: 1 };
  const late = { watermark: T0 + 2 * MINUTE };
  await gateway.store.insertEvents([
    sampleEvent({ offset: 2, imported: true }, properties),
    sampleEvent({ offset: 3, imported: true }, properties),
    sampleEvent({ offset: 4, ...late }, properties),
    sampleEvent({ offset: 5, ...late }, properties),
    sampleEvent({ offset: 6 }, properties),
  ]);
  expect([await at(2), await at(3), await at(4), await at(5), await at(6)]).toMatchObject([
    { outcome: 'counted', part: 'added' },
    { outcome: 'imported' },
    { outcome: 'counted', part: 'added' },
    { outcome: 'late' },
    { outcome: 'before' },
  ]);
});

it('finds events by id and key, the newest first', async () => {
  gateway = await startGateway();
  await store();
  const ids = (n: number, over: object) => sampleEvent({ offset: n, index: n, ts: T0 + n, ...over });
  await gateway.store.insertEvents([
    ids(3, { id: 'i', key: 'k' }),
    ids(4, { id: 'i', key: 'l' }),
    ids(5, { id: 'j', key: 'k' }),
  ]);
  const found = async (query: Record<string, string>) =>
    (await verdicts(query)).verdicts.map(({ position }) => position!.offset);
  expect(await found({ id: 'i' })).toEqual([4, 3]);
  expect(await found({ key: 'k' })).toEqual([5, 3]);
  expect(await found({ id: 'i', key: 'k' })).toEqual([3]);
  const { verdicts: only, more } = await verdicts({ id: 'j' });
  expect(more).toBe(false);
  expect(only[0]).toMatchObject({ event: 'order', id: 'j', key: 'k', timestamp: T0 + 5, partition: 0 });
});

it('says what would become of an event that was never sent', async () => {
  gateway = await startGateway({}, { clock: () => T0 + 5 * MINUTE });
  await store();
  const event = { event: 'order', timestamp: T0 + 5 * MINUTE, properties: { country: 'DE', amount: 1 } };
  const fresh = await pasted(event);
  expect(fresh).toMatchObject({ event: 'order', id: null, key: null, position: null, partition: null });
  expect(fresh.metrics).toMatchObject([
    { outcome: 'counted', part: 'live', pane: T0 + 5 * MINUTE, group: { country: 'DE' }, merged: null },
  ]);
  const old = await pasted({ ...event, key: 'k', timestamp: T0 });
  expect(old.partition).not.toBeNull();
  expect(old.metrics).toMatchObject([{ outcome: 'late', by: 4 * MINUTE }]);
  const part = old.partition!;
  await gateway.store.insertEvents([
    sampleEvent({ part, offset: 7, id: 'i', key: 'other' }),
    sampleEvent({ part, offset: 8, id: 'i', key: 'k' }),
    sampleEvent({ part, offset: 3, id: 'i', key: 'k' }),
  ]);
  // Ids of blocks below 4 are forgotten there.
  expect(await pasted({ ...event, id: 'i', key: 'k' })).toMatchObject({
    duplicate: { partition: part, offset: 8, index: 0 },
    metrics: [{ outcome: 'duplicate' }],
  });
  expect((await pasted({ ...event, id: 'new', key: 'k' })).metrics[0]).toMatchObject({ outcome: 'counted' });
  expect(await gateway.store.countEvents()).toBe(3);
});

it('refuses a pasted event as ingest does', async () => {
  gateway = await startGateway({}, { clock: () => T0 });
  const cases: [body: string, code: string, field?: string][] = [
    ['', 'empty_body'],
    ['order', 'unsupported_media_type', 'content-type'],
    ['{"event":7}', 'wrong_type', 'event'],
    ['{"name":"a"}', 'unknown_field', 'name'],
    [`{"event":"a","timestamp":${T0 + 3_600_000}}`, 'timestamp_in_future', 'timestamp'],
    ['[{"event":"a"},{"event":"b"}]', 'too_many_events'],
  ];
  for (const [body, code, field] of cases)
    expect([body, await pasted(body)]).toEqual([
      body,
      {
        ...{ event: null, position: null, partition: null, metrics: [] },
        rejected: { code, message: expect.stringMatching(/\w/), ...(field === undefined ? {} : { field }) },
      },
    ]);
  expect(await paste('{"event":"a"}', { 'content-encoding': 'gzip' })).toMatchObject({
    status: 415,
    body: { code: 'unsupported_encoding', field: 'content-encoding' },
  });
  expect(await paste(' '.repeat(500_000))).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
});

it('refuses what it cannot read or find, and says why', async () => {
  gateway = await startGateway();
  const cases: [query: Record<string, string>, status: number, code: string, field?: string][] = [
    [{}, 400, 'invalid_parameter', 'id'],
    [{ id: '' }, 400, 'invalid_parameter', 'id'],
    [{ position: '1:2' }, 400, 'invalid_parameter', 'position'],
    [{ position: '1:2:3', id: 'i' }, 400, 'invalid_parameter', 'id'],
    [{ position: '1:2:3', key: 'k' }, 400, 'invalid_parameter', 'key'],
    [{ event: 'e' }, 400, 'invalid_parameter', 'event'],
    [{ id: 'unknown' }, 404, 'unknown_event'],
    [{ position: '1:2:3' }, 404, 'unknown_event'],
  ];
  for (const [query, status, code, field] of cases) {
    const found = await ask(query);
    expect([query, found.status, found.body.code, found.body.field]).toEqual([query, status, code, field]);
  }
});

it('is for keys that may read everything', async () => {
  gateway = await startGateway({}, { keysNeeded: true });
  const some = await gateway.makeKey({ scope: 'read', metrics: ['orders'] });
  const writer = await gateway.makeKey({ scope: 'write' });
  const reader = await gateway.makeKey({ scope: 'read' });
  for (const [key, status, code] of [
    [some.key, 403, 'forbidden_metric'],
    [writer.key, 403, 'forbidden_scope'],
    [undefined, 401, 'missing_key'],
  ] as const) {
    expect(await ask({ id: 'i' }, key)).toMatchObject({ status, body: { code } });
    expect(await paste('{"event":"a"}', bearer(key))).toMatchObject({ status, body: { code } });
  }
  expect(await paste('{"event":"a"}', bearer(reader.key))).toMatchObject({ status: 200 });
});
