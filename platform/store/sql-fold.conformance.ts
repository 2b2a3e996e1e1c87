import { expect, test } from 'vitest';
import { callOf, everyAggregate } from '#aggregates/testing/law-inputs.ts';
import { parseWhere } from '#contracts/filter/where.ts';
import type { PaneRow } from '#contracts/log/rows.ts';
import { OTHER } from '#contracts/metric/dimension.ts';
import type { SqlFoldScope, Store } from './store.ts';
import { storeAddedConformance } from './store-added.conformance.ts';
import { sampleEvent, sampleMetric, T0 } from './testing/store-samples.ts';

const scopeOf = (partition: number, over: Partial<SqlFoldScope> = {}): SqlFoldScope => ({
  metric: sampleMetric(),
  version: 7,
  partition,
  from: 0,
  before: 1_000,
  groups: 100,
  ...over,
});

/** group text → count, for metrics that count. */
const counts = (rows: readonly PaneRow[]): Record<string, number> =>
  Object.fromEntries(rows.map((r) => [`${(r.pane - T0) / 1_000}:${r.group.join('/')}`, r.state.counts[0]!]));

function conditions(raw: unknown) {
  const read = parseWhere(raw);
  if (!read.ok) throw new Error(read.fault.message);
  return read.value;
}

/** The part of the Store's contract that folds: `runSqlFold` and `backfill`. */
export function storeSqlFoldConformance(storeOf: () => Store): void {
  test('counts by pane and group, within its offsets, each position once', async () => {
    const store = storeOf();
    const list = [0, 999, 1_000, -1].map((d, i) =>
      sampleEvent({ part: 30, offset: i, ts: T0 + d }, { country: i < 2 ? 'DE' : 'FR' }),
    );
    await store.insertEvents(list);
    await store.insertEvents(list.slice(0, 2));
    const metric = sampleMetric({ groupBy: ['country'] });
    const all = await store.runSqlFold(scopeOf(30, { metric }));
    expect(counts(all)).toEqual({ '0:DE': 2, '1:FR': 1, '-1:FR': 1 });
    expect(all[0]).toMatchObject({ metric: 'orders', version: 7, part: '30', next: 1_000 });
    const some = await store.runSqlFold(scopeOf(30, { metric, from: 1, before: 3 }));
    expect(counts(some)).toEqual({ '0:DE': 1, '1:FR': 1 });
  });

  test('leaves out other events, and those that were late', async () => {
    const store = storeOf();
    const late = { lateness: 60_000 };
    await store.insertEvents([
      sampleEvent({ part: 31, offset: 0, event: 'other' }),
      sampleEvent({ part: 31, offset: 1, watermark: T0 + late.lateness }),
      sampleEvent({ part: 31, offset: 2, watermark: T0 + late.lateness - 1 }),
      sampleEvent({ part: 31, offset: 3, event: "odd '{x:String}\n" }),
    ]);
    const run = async (events: string[] | null) =>
      counts(await store.runSqlFold(scopeOf(31, { metric: sampleMetric({ events }) })));
    expect(await run(['order'])).toEqual({ '0:': 1 });
    expect(await run(["odd '{x:String}\n", 'other'])).toEqual({ '0:': 2 });
    expect(await run(null)).toEqual({ '0:': 3 });
  });

  test('a dimension reads as its canonical text; an object or array skips the event', async () => {
    const store = storeOf();
    const values = [
      'DE',
      '',
      'true',
      true,
      1,
      1.5,
      1e21,
      1e-7,
      -0,
      2 ** 63,
      null,
      {},
      { x: null },
      [],
      ['DE'],
      '2026-01-01',
    ];
    await store.insertEvents([
      ...values.map((d, offset) => sampleEvent({ part: 32, offset }, { d })),
      sampleEvent({ part: 32, offset: 90 }, {}),
      sampleEvent({ part: 32, offset: 91 }, JSON.parse('{"__proto__":{"d":1}}')),
    ]);
    const found = counts(await store.runSqlFold(scopeOf(32, { metric: sampleMetric({ groupBy: ['d'] }) })));
    expect(found).toEqual({
      '0:DE': 1,
      '0:': 1,
      '0:true': 2,
      '0:1': 1,
      '0:1.5': 1,
      '0:1e+21': 1,
      '0:1e-7': 1,
      '0:0': 1,
      '0:9223372036854776000': 1,
      '0:__missing__': 3,
      '0:2026-01-01': 1,
    });
  });

  test('a path is a literal name or a nested one', async () => {
    const store = storeOf();
    const list = [
      { cart: { total: 1 } },
      { 'cart.total': 1 },
      { cart: 1 },
      { cart: [{ total: 1 }] },
      { a: { 'b.c': 2 } },
    ];
    await store.insertEvents(list.map((p, offset) => sampleEvent({ part: 33, offset }, p)));
    const by = async (path: string) =>
      counts(await store.runSqlFold(scopeOf(33, { metric: sampleMetric({ groupBy: [path] }) })));
    expect(await by('cart.total')).toEqual({ '0:1': 2, '0:__missing__': 3 });
    expect(await by('a.b.c')).toEqual({ '0:2': 1, '0:__missing__': 4 });
    expect(await by('cart')).toEqual({ '0:1': 1, '0:__missing__': 2 });
  });

  test('a path is a field of the envelope, or a property of that name with one $ more', async () => {
    const store = storeOf();
    await store.insertEvents([
      sampleEvent({ part: 61, offset: 0, key: 'u1', id: 'i1' }, { $key: 'a' }),
      sampleEvent({ part: 61, offset: 1, key: 'u1', id: null }, { $key: 'b' }),
      sampleEvent({ part: 61, offset: 2, key: null, id: 'i2' }, { $id: 7 }),
    ]);
    const fold = async (over: Parameters<typeof sampleMetric>[0]) =>
      counts(await store.runSqlFold(scopeOf(61, { metric: sampleMetric(over) })));
    expect(await fold({ groupBy: ['$key'] })).toEqual({ '0:u1': 2, '0:__missing__': 1 });
    expect(await fold({ groupBy: ['$id', '$$id'] })).toEqual({
      '0:i1/__missing__': 1,
      '0:__missing__/__missing__': 1,
      '0:i2/7': 1,
    });
    expect(await fold({ groupBy: ['$event', '$$key'] })).toEqual({
      '0:order/a': 1,
      '0:order/b': 1,
      '0:order/__missing__': 1,
    });
    expect(await fold({ groupBy: ['$timestamp'] })).toEqual({ [`0:${T0}`]: 3 });
    expect(await fold({ where: [{ path: '$key', op: 'exists' }] })).toEqual({ '0:': 2 });
    expect(await fold({ where: [{ path: '$timestamp', op: 'gt', value: T0 }] })).toEqual({});
  });

  test('beyond the cap of a level the last dimension becomes __other__, first come by position', async () => {
    const store = storeOf();
    const pairs = ['a1', 'a2', 'b3', 'a4', 'c5', 'b6', 'a1', 'd7', 'b3', 'c8'];
    await store.insertEvents(
      pairs.map((xy, index) => sampleEvent({ part: 62, index }, { x: xy[0], y: Number(xy[1]) })),
    );
    const metric = sampleMetric({ groupBy: ['x', 'y'] });
    const levels = true;
    expect(counts(await store.runSqlFold(scopeOf(62, { metric, groups: 2, levels })))).toEqual({
      '0:a/1': 2,
      '0:a/2': 1,
      [`0:b/${OTHER}`]: 3,
      [`0:a/${OTHER}`]: 1,
      [`0:${OTHER}/${OTHER}`]: 3,
    });
  });

  test('from a value that is too long on, a group is __other__ and has its place among such', async () => {
    const store = storeOf();
    const list = ['a-1', 'a-long', 'b-1', 'long-1', 'a-2', `a-${OTHER}`, `${OTHER}-1`, 'b-2', 'c-long'];
    await store.insertEvents(
      list.map((xy, index) => {
        const [x, y] = xy.split('-');
        return sampleEvent({ part: 63, index }, { x, y });
      }),
    );
    const metric = sampleMetric({ groupBy: ['x', 'y'] });
    const scope = scopeOf(63, { metric, groups: 2, valueLength: 3 });
    // `__other__` is too long as well, and so no group of its own.
    expect(counts(await store.runSqlFold({ ...scope, levels: true }))).toEqual({
      '0:a/1': 1,
      '0:b/1': 1,
      [`0:a/${OTHER}`]: 3,
      [`0:b/${OTHER}`]: 1,
      [`0:${OTHER}/${OTHER}`]: 3,
    });
    expect(counts(await store.runSqlFold(scope))).toEqual({
      '0:a/1': 1,
      '0:b/1': 1,
      [`0:${OTHER}/${OTHER}`]: 7,
    });
  });

  test('a group that is named like one of a level has its place there', async () => {
    const store = storeOf();
    const list = [`a-${OTHER}`, 'a-1', `${OTHER}-1`, `b-${OTHER}`, `${OTHER}-2`, `${OTHER}-${OTHER}`, 'a-3'];
    await store.insertEvents(
      list.map((xy, index) => {
        const [x, y] = xy.split('-');
        return sampleEvent({ part: 64, index }, { x, y });
      }),
    );
    const metric = sampleMetric({ groupBy: ['x', 'y'] });
    const levels = true;
    expect(counts(await store.runSqlFold(scopeOf(64, { metric, groups: 1, levels })))).toEqual({
      [`0:a/${OTHER}`]: 2,
      '0:a/1': 1,
      [`0:${OTHER}/${OTHER}`]: 4,
    });
  });

  test('without levels all dimensions beyond the cap become __other__, first come by position', async () => {
    const store = storeOf();
    const letters = ['c', 'a', 'c', 'b', 'a', 'd'];
    await store.insertEvents(letters.map((x, index) => sampleEvent({ part: 34, index }, { x, y: 1 })));
    await store.insertEvents([sampleEvent({ part: 34, offset: 1, ts: T0 + 1_000 }, { x: 'd', y: 1 })]);
    const metric = sampleMetric({ groupBy: ['x', 'y'] });
    expect(counts(await store.runSqlFold(scopeOf(34, { metric, groups: 2 })))).toEqual({
      '0:c/1': 2,
      '0:a/1': 2,
      [`0:${OTHER}/${OTHER}`]: 2,
      '1:d/1': 1,
    });
  });

  test('a group whose own name is __other__ takes none of the places', async () => {
    const store = storeOf();
    const list = [OTHER, 'a', 'b', OTHER, 'c'].map((x, index) => sampleEvent({ part: 38, index }, { x }));
    await store.insertEvents(list);
    const found = await store.runSqlFold(
      scopeOf(38, { metric: sampleMetric({ groupBy: ['x'] }), groups: 2 }),
    );
    expect(counts(found)).toEqual({ '0:a': 1, '0:b': 1, [`0:${OTHER}`]: 3 });
  });

  test('conditions hold as in the fold', async () => {
    const store = storeOf();
    const list = [{ a: 5 }, { a: '5' }, { a: -1 }, {}, { a: null }, { a: [5] }, { a: 1e21 }];
    await store.insertEvents(list.map((p, offset) => sampleEvent({ part: 35, offset }, p)));
    const count = async (where: unknown) =>
      (await store.runSqlFold(scopeOf(35, { metric: sampleMetric({ where: conditions(where) }) })))[0]?.state
        .counts[0] ?? 0;
    expect(await count({ a: 5 })).toBe(2);
    expect(await count({ a: { not: [5] } })).toBe(5);
    expect(await count({ a: null })).toBe(2);
    expect(await count({ a: { gt: -1 } })).toBe(2);
    expect(await count({ a: { gte: -1, lt: 1e21 } })).toBe(2);
    expect(await count({ a: ["{x:String}' OR 1", 5] })).toBe(2);
    expect(await count('a exists')).toBe(5);
    expect(await count('a between -1 and 5')).toBe(2);
    expect(await count('a contains 5 or a < 0')).toBe(3);
    expect(await count('not (a contains 5 or a < 0)')).toBe(4);
    expect(await count('a starts with 1e and a ends with 21')).toBe(1);
    expect(await count('a matches "^-?[0-9]$"')).toBe(3);
  });

  test.each(everyAggregate())(
    '%s: a value of another type, or none, skips the event',
    async (_, aggregate) => {
      const store = storeOf();
      const list = [
        { v: 1, g: 'number' },
        { v: 'a', g: 'text' },
        { v: [], g: 'list' },
        { v: null, g: 'null' },
        { g: 'none' },
      ];
      await store.insertEvents(
        list.map((p, offset) => sampleEvent({ part: 36, offset, key: offset < 2 ? 'somebody' : null }, p)),
      );
      const call = callOf(aggregate);
      const own = { ...call, field: call.field === null ? null : 'v' };
      const found = await store.runSqlFold(
        scopeOf(36, { metric: sampleMetric({ aggregate: own, groupBy: ['g'] }) }),
      );
      const all = ['list', 'none', 'null', 'number', 'text'];
      const wanted = { none: all, number: ['number'], text: ['number', 'text'], conditions: all };
      expect(found.map((r) => r.group[0]).sort()).toEqual(wanted[aggregate.input]);
    },
  );

  test('a back-fill keeps the rows of the SQL fold of each partition under ~partition, and can be run again', async () => {
    const store = storeOf();
    const events = [137, 138].flatMap((part) =>
      [0, 1_000, 2_000].map((d, offset) => sampleEvent({ part, offset, ts: T0 + d }, { c: "a'\n" })),
    );
    await store.insertEvents(events);
    const metric = sampleMetric({ id: 'filled', groupBy: ['c'] });
    const scopes = [scopeOf(137, { metric, before: 2 }), scopeOf(138, { metric, before: 3 })];
    const nothing = { partition: 139, before: 5 };
    const { version, groups } = scopes[0]!;
    await store.backfill({ metric, version, groups, partitions: [...scopes, nothing] });
    await store.backfill({ metric, version, groups, partitions: [...scopes, nothing] });
    const found = await store.readPanes({ metric: 'filled', version: 7, from: 0, to: T0 * 2 });
    const folded = await Promise.all(scopes.map((scope) => store.runSqlFold(scope)));
    const wanted = folded.flat().map((row) => ({ ...row, part: `~${row.part}` }));
    expect(found).toEqual(wanted.sort((a, b) => a.pane - b.pane || (a.part < b.part ? -1 : 1)));
    expect(found.map((r) => [r.part, r.pane - T0, r.group, r.next])).toEqual([
      ['~137', 0, ["a'\n"], 2],
      ['~138', 0, ["a'\n"], 3],
      ['~137', 1_000, ["a'\n"], 2],
      ['~138', 1_000, ["a'\n"], 3],
      ['~138', 2_000, ["a'\n"], 3],
    ]);
  });

  test('the cap of groups counts in each partition for itself', async () => {
    const store = storeOf();
    const events = [141, 142].flatMap((part) =>
      ['a', 'b', 'c'].map((c, offset) => sampleEvent({ part, offset, ts: T0 }, { c: `${c}${part}` })),
    );
    await store.insertEvents(events);
    const metric = sampleMetric({ id: 'capped', groupBy: ['c'] });
    const partitions = [141, 142].map((partition) => ({ partition, before: 3 }));
    await store.backfill({ metric, version: 1, groups: 2, partitions });
    const found = await store.readPanes({ metric: 'capped', version: 1, from: 0, to: T0 * 2 });
    expect(found.map((r) => `${r.part} ${r.group}`).sort()).toEqual([
      '~141 __other__',
      '~141 a141',
      '~141 b141',
      '~142 __other__',
      '~142 a142',
      '~142 b142',
    ]);
  });

  storeAddedConformance(storeOf);
}
