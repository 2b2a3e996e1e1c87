import { expect, test } from 'vitest';
import { callOf, everyAggregate } from '#aggregates/testing/law-inputs.ts';
import { parseWhere } from '#contracts/filter/where.ts';
import type { Store } from './store.ts';
import { storeAddedConformance } from './store-added.conformance.ts';
import { storeCapsConformance } from './store-caps.conformance.ts';
import { storeSequencesConformance } from './store-sequences.conformance.ts';
import { storeSessionsConformance } from './store-sessions.conformance.ts';
import { counts, scopeOf } from './testing/fold-scope.ts';
import { sampleEvent, sampleMetric, T0 } from './testing/store-samples.ts';

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
      // Of sequences those that have a key.
      const any = aggregate.sequence === undefined ? all : ['number', 'text'];
      const wanted = { none: any, number: ['number'], text: ['number', 'text'], conditions: any };
      expect([...new Set(found.map((r) => r.group[0]))].sort()).toEqual(wanted[aggregate.input]);
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

  storeCapsConformance(storeOf);
  storeAddedConformance(storeOf);
  storeSequencesConformance(storeOf);
  storeSessionsConformance(storeOf);
}
