import fc from 'fast-check';
import { expect, test } from 'vitest';
import { comparePositions, type EventPosition } from '#contracts/event/event-position.ts';
import { compileFilter } from '#contracts/filter/compile-filter.ts';
import type { Condition } from '#contracts/filter/filter.ts';
import { compilePattern } from '#contracts/filter/match-pattern.ts';
import type { ArchiveRow } from '#contracts/log/rows.ts';
import type { EventQuery } from './event-query.ts';
import type { Store } from './store.ts';
import { sampleEvent, sampleMetric, T0 } from './testing/store-samples.ts';

const DAY = 86_400_000;
const ALL = { where: [], limit: 1_000, rows: 1_000_000 } as const satisfies EventQuery;

/** The part of the Store's contract about reading archived events. */
export function storeEventsConformance(storeOf: () => Store): void {
  /** Follows the pages to their end. */
  const readAll = async (query: EventQuery): Promise<ArchiveRow[]> => {
    const found: ArchiveRow[] = [];
    let { before } = query;
    for (let pages = 0; pages < 2_000; pages++) {
      const page = await storeOf().readEvents({ ...query, before });
      expect(page.events.length).toBeLessThanOrEqual(query.limit);
      found.push(...page.events);
      if (page.next === null) return found;
      if (before !== undefined) expect(comparePositions(page.next, before)).toBeLessThan(0);
      before = page.next;
    }
    throw new Error('The pages never end.');
  };
  const places = (rows: readonly EventPosition[]) =>
    rows.map(({ ts, part, offset, index }) => ({ ts: ts - T0, part, offset, index }));

  test('events come back as they went in', async () => {
    const properties = {
      text: 'it\'s "quoted" \\ \n\t 日本 😀 {from:Int64}',
      empty: '',
      number: -1.5e-7,
      big: 1e21,
      yes: true,
      no: false,
      nothing: null,
      list: [1, 'a', { b: [null] }],
      deep: { er: { est: 'x', 'with.dot': 1 }, empty: {} },
      'dotted.name': 5,
      'two.of': { x: 's' },
      'two.others': 1,
      '': 'no name',
      '%': 'per cent',
      '%41;': 'no A',
      '`': "'",
      'a b\n"c"': 1,
      名前: 'name',
      constructor: 'c',
      'tags.n': 'a.b',
    };
    const row = sampleEvent(
      {
        part: 300,
        offset: 7,
        index: 3,
        block: "b'0",
        ts: T0 + 1,
        received: T0 + 2,
        watermark: T0 - 5,
        id: "id '1'\n",
        key: '{key:String}',
        event: "it's",
      },
      properties,
    );
    const plain = sampleEvent({ part: 300, offset: 8, event: "it's", imported: true }, {});
    await storeOf().insertEvents([row, plain]);
    const found = await readAll({ ...ALL, events: ["it's"] });
    const parsed = found.map((one) => ({ ...one, properties: JSON.parse(one.properties) }));
    expect(parsed).toEqual([
      { ...row, properties },
      { ...plain, properties: {} },
    ]);
  });

  test('the prototype is a name like any other', async () => {
    const properties = JSON.parse('{"__proto__":{"p":1,"__proto__":"x"}}') as object;
    await storeOf().insertEvents([sampleEvent({ part: 301, event: 'proto' }, properties)]);
    const [found] = await readAll({ ...ALL, events: ['proto'] });
    expect(JSON.parse(found!.properties)).toEqual(properties);
  });

  test('newest first by time, then by partition, offset and index; each once, however often it was inserted', async () => {
    const rows = [-1, 0, 0, 5].flatMap((d, i) =>
      [302, 303].flatMap((part) =>
        [0, 1].map((index) => sampleEvent({ part, offset: i, index, ts: T0 + d, event: 'order of events' })),
      ),
    );
    for (let i = 0; i < 3; i++) await storeOf().insertEvents(rows.slice(i));
    const expected = places([...rows].sort((a, b) => comparePositions(b, a)));
    for (const limit of [2, 3, 100])
      expect(places(await readAll({ ...ALL, limit, events: ['order of events'] }))).toEqual(expected);
  });

  test('a range is half open; key, id and names are told from each other', async () => {
    const at = (index: number, over: Partial<ArchiveRow>) => sampleEvent({ part: 304, index, ...over });
    await storeOf().insertEvents([
      at(0, { event: 'wanted', key: 'k', id: 'i', ts: T0 }),
      at(1, { event: 'wanted', key: 'i', id: 'k', ts: T0 + 10 }),
      at(2, { event: 'wanted', key: null, id: null, ts: T0 + 20 }),
      at(3, { event: 'other', key: 'k', id: 'j', ts: T0 + 30 }),
    ]);
    const read = async (query: Partial<EventQuery>) =>
      (await readAll({ ...ALL, ...query })).filter(({ part }) => part === 304).map(({ index }) => index);
    expect(await read({ key: 'k' })).toEqual([3, 0]);
    expect(await read({ id: 'k' })).toEqual([1]);
    expect(await read({ key: 'k', id: 'i' })).toEqual([0]);
    expect(await read({ key: 'k', events: ['wanted'] })).toEqual([0]);
    expect(await read({ events: ['wanted', 'other'] })).toEqual([3, 2, 1, 0]);
    expect(await read({ events: ['wanted'], from: T0, to: T0 + 20 })).toEqual([1, 0]);
    expect(await read({ key: 'k', from: T0 + 1, to: T0 + 31 })).toEqual([3]);
    expect(await read({ key: '' })).toEqual([]);
    expect(await read({ position: { part: 304, offset: 0, index: 2 } })).toEqual([2]);
    expect(await read({ position: { part: 304, offset: 1, index: 2 } })).toEqual([]);
    expect(await read({ events: ['wanted'], from: T0 + 20, to: T0 + 20 })).toEqual([]);
  });

  test('a page that has looked at enough ends, and the next goes on from there', async () => {
    const rows = Array.from({ length: 40 }, (_, i) =>
      sampleEvent({
        part: 305,
        offset: i,
        received: T0 + 100 * DAY,
        ts: T0 + 100 * DAY + i,
        event: i === 0 ? 'rare' : 'frequent',
      }),
    );
    await storeOf().insertEvents(rows);
    const query = { ...ALL, events: ['rare'], from: T0 + 100 * DAY, rows: 10 };
    const first = await storeOf().readEvents(query);
    expect(first.events).toEqual([]);
    expect(first.next).toEqual({ ts: T0 + 100 * DAY + 30, part: 0, offset: 0, index: 0 });
    expect(places(await readAll(query))).toEqual(places(rows.slice(0, 1)));
    const unbounded = { ...query, key: 'nobody', rows: 1 };
    expect(await storeOf().readEvents(unbounded)).toEqual({ events: [], next: null });
  });

  test('events of one millisecond are looked at together, and still come in pages', async () => {
    const rows = Array.from({ length: 30 }, (_, index) =>
      sampleEvent({ part: 306, index, received: T0 + 200 * DAY, ts: T0 + 200 * DAY, event: 'at once' }),
    );
    await storeOf().insertEvents(rows);
    const query = { ...ALL, events: ['at once'], limit: 7, rows: 3 };
    expect(places(await readAll(query))).toEqual(places(rows.toReversed()));
  });

  test('pages neither skip nor repeat while others are inserted', async () => {
    const at = (offset: number, d: number) =>
      sampleEvent({ part: 307, offset, ts: T0 + d, event: 'growing' });
    await storeOf().insertEvents([at(0, 0), at(1, 1_000), at(2, 2_000), at(3, 2_000)]);
    const query = { ...ALL, events: ['growing'], limit: 2 };
    const first = await storeOf().readEvents(query);
    await storeOf().insertEvents([at(4, 500), at(5, 3_000), at(6, 2_000), at(2, 2_000)]);
    const rest = await readAll({ ...query, before: first.next! });
    expect([...first.events, ...rest].map(({ offset }) => offset)).toEqual([3, 2, 1, 4, 0]);
  });

  test('erasing a key removes its events, each copy, and no others; again there is nothing', async () => {
    const key = "it's \n{key:String}";
    const rows = [0, 1, 2, 3].map((offset) =>
      sampleEvent({
        part: 310,
        offset,
        received: T0 + offset * DAY,
        ts: T0 + offset * DAY,
        id: `i${offset}`,
        key: offset === 2 ? `${key} ` : key,
        event: offset === 0 ? 'first' : 'later',
        imported: offset === 3,
      }),
    );
    await storeOf().insertEvents([...rows, sampleEvent({ part: 310, offset: 4, event: 'later', id: 'i4' })]);
    await storeOf().insertEvents(rows);
    expect((await readAll({ ...ALL, key })).map(({ offset }) => offset)).toEqual([3, 1, 0]);
    const count = await storeOf().countEvents();
    expect(await storeOf().eraseEvents(key)).toEqual({ events: 3, names: ['first', 'later'] });
    expect(await readAll({ ...ALL, key })).toEqual([]);
    expect(await readAll({ ...ALL, id: 'i0' })).toEqual([]);
    expect(count - (await storeOf().countEvents())).toBe(3);
    expect((await storeOf().readIds(310, 9, 0, 9)).map(({ id }) => id)).toEqual(['i2', 'i4']);
    const metric = sampleMetric({ events: ['first', 'later'] });
    const scope = { metric, version: 1, partition: 310, from: 0, before: 9, groups: 9 };
    const states = (await storeOf().runSqlFold(scope)).map(({ state }) => state.counts);
    expect(states).toEqual([[1], [1]]);
    expect(await storeOf().eraseEvents(key)).toEqual({ events: 0, names: [] });
    expect(await storeOf().eraseEvents('')).toEqual({ events: 0, names: [] });
  });

  test('whatever the events and the question, pages give what a plain filter gives', async () => {
    const text = fc.constantFrom('a', 'b', "c'", '');
    const time = fc.oneof(fc.nat(20), fc.integer({ min: -200 * DAY, max: DAY / 2 }), fc.constant(-900 * DAY));
    const rows = fc.sample(
      fc
        .record({
          ts: time.map((d) => T0 + d),
          offset: fc.nat(3),
          index: fc.nat(30),
          part: fc.constantFrom(308, 309),
          key: fc.option(text),
          id: fc.option(text),
          event: fc.constantFrom('p', 'q'),
          properties: fc.dictionary(fc.constantFrom('x', 'y'), fc.oneof(text, fc.nat(3), fc.constant(null))),
        })
        .map(({ properties, ...row }) => sampleEvent(row, properties)),
      { numRuns: 150, seed: 5 },
    );
    const unique = [...new Map(rows.map((row) => [`${row.part}/${row.offset}/${row.index}`, row])).values()];
    await storeOf().insertEvents(unique);
    const condition: fc.Arbitrary<Condition> = fc.oneof(
      fc.record({
        path: fc.constantFrom('x', 'y'),
        op: fc.constantFrom('in', 'notIn'),
        values: fc.array(fc.constantFrom('a', '1', '__missing__'), { minLength: 1, maxLength: 2 }),
      }),
      fc.record({ path: fc.constant('x'), op: fc.constantFrom('gt', 'lte'), value: fc.nat(3) }),
    );
    const question = fc.record({
      events: fc.constantFrom(['p'], ['q'], ['p', 'q']),
      key: fc.option(text, { nil: undefined, freq: 1 }),
      id: fc.option(text, { nil: undefined, freq: 1 }),
      from: fc.option(
        time.map((d) => T0 + d),
        { nil: undefined },
      ),
      to: fc.option(
        time.map((d) => T0 + d),
        { nil: undefined },
      ),
      where: fc.array(condition, { maxLength: 2 }),
      limit: fc.constantFrom(20, 1_000),
      rows: fc.constantFrom(40, 1_000_000),
    });
    for (const query of fc.sample(question, { numRuns: 25, seed: 7 })) {
      const expected = unique
        .filter((row) => row.ts >= (query.from ?? 0) && row.ts < (query.to ?? Number.POSITIVE_INFINITY))
        .filter(({ event }) => query.events.some((name) => name === event))
        .filter(({ key }) => query.key === undefined || key === query.key)
        .filter(({ id }) => query.id === undefined || id === query.id)
        .filter((row) =>
          compileFilter(query.where, compilePattern)({ ...row, properties: JSON.parse(row.properties) }),
        )
        .sort((a, b) => comparePositions(b, a));
      expect(places(await readAll(query)), JSON.stringify(query)).toEqual(places(expected));
    }
  });
}
