import { afterEach, beforeAll, expect, it } from 'vitest';
import { type SeriesAnswer, total } from '../testing/series.ts';
import { until } from './subject.ts';
import type { ProtocolContext } from './use-protocol.ts';

/** Events of which each filter below lets some through, by their place. */
const PROPERTIES = [
  { country: 'DE', amount: 12, vip: false, path: '/docs/intro' },
  { country: 'DE', amount: 3, vip: true, path: '/internal/x' },
  { country: 'FR', amount: 42, path: '/docs/a1' },
  { country: 'FR', amount: '42', vip: null, path: '' },
  { country: 'New York', amount: 10, path: 'docs' },
];

/** Each in both forms, and the events that it lets through. */
const FILTERS: [text: string, object: object, places: number[]][] = [
  [
    'country = DE and (amount > 10 or vip = true)',
    { country: 'DE', or: [{ amount: { gt: 10 } }, { vip: true }] },
    [0, 1],
  ],
  ['country in (FR, "New York")', { country: ['FR', 'New York'] }, [2, 3, 4]],
  ['amount = 42', { amount: 42 }, [2, 3]],
  ['amount between 10 and 42', { amount: { between: [10, 42] } }, [0, 2, 4]],
  ['vip exists', { vip: { exists: true } }, [0, 1]],
  ['not vip exists and path != ""', { vip: { exists: false }, path: { not: '' } }, [2, 4]],
  [
    'path starts with "/docs" or path ends with x',
    { or: [{ path: { startsWith: '/docs' } }, { path: { endsWith: 'x' } }] },
    [0, 1, 2],
  ],
  ['path matches "^/docs/[a-z]+$"', { path: { matches: '^/docs/[a-z]+$' } }, [0]],
  [
    '$key in ("place 1", "place 3") and $timestamp > 0',
    { $key: ['place 1', 'place 3'], $timestamp: { gt: 0 } },
    [1, 3],
  ],
  ['not (country = DE and amount < 10)', { not: { country: 'DE', amount: { lt: 10 } } }, [0, 2, 3, 4]],
];

/** One language for definitions, views and archived events: PROTOCOL.md, "Filters". */
export function describeFilters(context: ProtocolContext): void {
  const defined: string[] = [];
  const headers = { 'content-type': 'application/json' };
  const define = async (id: string, definition: object): Promise<void> => {
    const { subject } = context;
    const body = JSON.stringify({ event: subject.event, aggregate: 'count', window: '10s', ...definition });
    const answer = await subject.ask(`/v1/metrics/${id}`, { method: 'PUT', headers, body });
    expect(answer.status, await answer.clone().text()).toBe(201);
    defined.push(id);
  };
  const whereOf = async (id: string): Promise<unknown> => {
    const answer = await context.subject.ask(`/v1/metrics/${id}`);
    return ((await answer.json()) as { where: unknown }).where;
  };
  /** All that a metric has counted. */
  const countOf = async (id: string, query: Record<string, string> = {}): Promise<number> => {
    const params = new URLSearchParams({ window: 'whole', range: '10m', groupBy: '', ...query });
    const answer = await context.subject.ask(`/v1/metrics/${id}/series?${params}`);
    expect(answer.status, await answer.clone().text()).toBe(200);
    return total((await answer.json()) as SeriesAnswer);
  };
  beforeAll(async () => {
    const events = PROPERTIES.map((properties, i) => ({
      event: context.subject.event,
      key: `place ${i}`,
      properties,
    }));
    const answer = await context.subject.ask('/v1/events', {
      method: 'POST',
      headers,
      body: JSON.stringify(events),
    });
    expect(answer.status).toBe(200);
  });
  afterEach(async () => {
    for (const id of defined.splice(0)) await context.subject.ask(`/v1/metrics/${id}`, { method: 'DELETE' });
  });

  it('reads the text and the object of a filter as the same definition, and counts the same', async () => {
    const { subject } = context;
    for (const [i, [text, object]] of FILTERS.entries()) {
      await define(`${subject.metric}-text-${i}`, { where: text });
      await define(`${subject.metric}-object-${i}`, { where: object });
      expect(await whereOf(`${subject.metric}-text-${i}`)).toEqual(
        await whereOf(`${subject.metric}-object-${i}`),
      );
    }
    for (const [i, [text, , places]] of FILTERS.entries())
      for (const form of ['text', 'object'])
        await until(async () =>
          expect(await countOf(`${subject.metric}-${form}-${i}`), text).toBe(places.length),
        );
  });

  it('counts and groups by fields of the envelope', async () => {
    const { subject } = context;
    const [people, names] = [`${subject.metric}-people`, `${subject.metric}-names`];
    await define(people, { aggregate: 'distinct($key)' });
    await define(names, { groupBy: ['$event', '$$event'] });
    await until(async () => expect(await countOf(people)).toBe(PROPERTIES.length));
    await until(async () =>
      expect(await countOf(names, { where: `$event = "${subject.event}"` })).toBe(PROPERTIES.length),
    );
  });

  it('finds archived events by the same filters', async () => {
    const { subject } = context;
    for (const [text, object, places] of FILTERS)
      for (const where of [text, JSON.stringify(object)])
        await until(async () => {
          const params = new URLSearchParams({ event: subject.event, where });
          const answer = await subject.ask(`/v1/events?${params}`);
          expect(answer.status, await answer.clone().text()).toBe(200);
          const { events } = (await answer.json()) as { events: { key: string }[] };
          const keys = places.map((place) => `place ${place}`);
          expect(events.map(({ key }) => key).sort(), where).toEqual(keys);
        });
  });

  it('filters the dimensions of a view, and says what to do about other properties', async () => {
    const { subject } = context;
    const id = `${subject.metric}-view`;
    await define(id, { groupBy: ['country', 'amount'] });
    await until(async () => expect(await countOf(id)).toBe(PROPERTIES.length));
    // A group's text does not say whether it was a number.
    expect(await countOf(id, { where: 'country starts with D or amount > 40' })).toBe(4);
    expect(await countOf(id, { where: 'not country = DE' })).toBe(3);
    const refused = await subject.ask(`/v1/metrics/${id}/series?where=vip%20%3D%20true`);
    expect(await refused.json()).toMatchObject({ status: 400, code: 'not_a_dimension', field: 'where' });
  });

  it.each([
    ['country == DE', '='],
    ["country = 'DE'", '"'],
    ['country = DE && vip = true', 'and'],
    ['amount', '='],
    ['path matches "(?=x)"', 'look-ahead'],
  ])('refuses %j and says what is meant', async (where, meant) => {
    const answer = await context.subject.ask(`/v1/events?${new URLSearchParams({ where })}`);
    const fault = (await answer.json()) as { message?: string; detail?: string };
    expect(fault).toMatchObject({ status: 400, code: 'invalid_filter', field: 'where' });
    expect(fault.message ?? fault.detail).toContain(meant);
  });
}
