import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Aggregate } from '#aggregates/aggregate.ts';
import { murmurHash3 } from '#aggregates/keys/murmur-hash3.ts';
import { utf8Bytes } from '#aggregates/keys/utf8-bytes.ts';
import { xxHash32 } from '#aggregates/keys/xx-hash32.ts';
import { aggregateOf } from '#aggregates/registry.ts';
import { expectSameState } from '#aggregates/testing/expect-same-state.ts';
import {
  anyNumber,
  anyText,
  callOf,
  everyAggregate,
  farNumber,
  foldInputs,
  hugeNumber,
  inputsOf,
} from '#aggregates/testing/law-inputs.ts';
import type { ArchiveRow, PaneRow } from '#contracts/log/rows.ts';
import { OTHER } from '#contracts/metric/dimension.ts';
import { type ChdbOptions, openChdbConnection } from '../connection/chdb-connection.ts';
import type { Connection } from '../connection/engine-connection.ts';
import { createMemoryStore } from '../memory/memory-store.ts';
import type { SqlFoldScope, Store } from '../store.ts';
import { mergeInSql } from '../testing/merge-in-sql.ts';
import { byText, sampleEvent, sampleMetric, T0 } from '../testing/store-samples.ts';
import { createClickHouseStore } from './clickhouse-store.ts';

let options: ChdbOptions;
let connection: Connection;
let store: Store;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-sql-fold-'));
  options = { folder, memory: 1_000_000_000, sessions: 2 };
  connection = await openChdbConnection(options);
  store = createClickHouseStore(connection, { aggregateOf });
  await store.migrate();
});
afterAll(async () => {
  await store?.close();
  await rm(options.folder, { recursive: true, force: true });
});

/** Each run has a partition of its own, so that runs do not see each other's events. */
let partition = 0;

async function foldBoth(
  rows: readonly ArchiveRow[],
  scope: Omit<SqlFoldScope, 'partition'>,
): Promise<[PaneRow[], PaneRow[]]> {
  partition += 1;
  const mine = rows.map((row) => ({ ...row, part: partition }));
  const reference = createMemoryStore({ aggregateOf });
  await reference.insertEvents(mine);
  await store.insertEvents(mine);
  const own = { ...scope, partition };
  return [byText(await reference.runSqlFold(own)), byText(await store.runSqlFold(own))];
}

const jsonValue = fc.oneof(
  anyNumber,
  anyText,
  fc.boolean(),
  fc.constantFrom<unknown>(null, [], {}, [1, 'a'], { inner: 1 }, { inner: null }, { 'in.ner': 'x' }),
);
const properties = fc.record(
  { x: jsonValue, few: fc.constantFrom('a', 'b', OTHER), d: jsonValue, "odd 'name`": jsonValue },
  { requiredKeys: [] },
);
const anyKey = fc.option(fc.constantFrom('a', 'a', "b'", 'c', 'ключ', ''));
const event = fc.record({
  index: fc.nat(50),
  offset: fc.nat(20),
  ts: fc.oneof(fc.integer({ min: T0 - 3_000, max: T0 + 3_000 }), fc.constantFrom(T0, T0 + 1)),
  watermark: fc.option(fc.integer({ min: T0 + 57_000, max: T0 + 63_000 })),
  event: fc.constantFrom('order', 'order', 'visit'),
  key: anyKey,
  properties: properties.map((p) => JSON.stringify(p)),
});
const events = fc.uniqueArray(
  event.map((e) => sampleEvent(e)),
  { maxLength: 80, selector: (e) => `${e.offset}/${e.index}` },
);

/** Characters of a dimension's value, none, or fewer than `__missing__` has. */
const length = fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined });

/** Bit by bit, or as near as the aggregate says; more values than a cell's own only widen its bound. */
function expectEqualStates(
  aggregate: Aggregate,
  ours: PaneRow[],
  theirs: PaneRow[],
  rows: readonly ArchiveRow[],
): void {
  const key = (row: PaneRow) => JSON.stringify([row.pane, row.group]);
  const values = rows
    .map((r) => Number((JSON.parse(r.properties) as { x: unknown }).x))
    .filter(Number.isFinite);
  const found = new Map(theirs.map((row) => [key(row), row]));
  expect([...found.keys()].sort()).toEqual(ours.map(key).sort());
  for (const row of ours) {
    const their = found.get(key(row))!;
    expect({ ...their, state: row.state }).toEqual(row);
    expectSameState(aggregate, their.state, row.state, values);
  }
}

describe.each(everyAggregate())('%s', (_name, aggregate: Aggregate) => {
  test('live fold = SQL over the archive, for events of every kind', async () => {
    const call = callOf(aggregate);
    const metric = sampleMetric({ aggregate: call, groupBy: ['few', 'd', "odd 'name`"] });
    const caps = fc.record({
      groups: fc.integer({ min: 1, max: 6 }),
      valueLength: length,
      levels: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(events, caps, async (rows, asked) => {
        const scope = { metric, version: 1, from: 2, before: 19, ...asked };
        const [ours, theirs] = await foldBoth(rows, scope);
        expectEqualStates(aggregate, ours, theirs, rows);
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });

  test('live fold = SQL for numbers far from zero, of one time, in groups beyond the cap', async () => {
    const metric = sampleMetric({ aggregate: callOf(aggregate), groupBy: ['d'] });
    const row = fc.record({ x: farNumber, d: fc.nat(3), key: anyKey, offset: fc.nat(2), index: fc.nat(50) });
    const all = fc.uniqueArray(row, { minLength: 9, selector: (r) => `${r.offset}/${r.index}` });
    await fc.assert(
      fc.asyncProperty(all, async (made) => {
        const rows = made.map(({ x, d, ...position }) => sampleEvent(position, { x, d }));
        const [ours, theirs] = await foldBoth(rows, { metric, version: 1, from: 0, before: 9, groups: 1 });
        expectEqualStates(aggregate, ours, theirs, rows);
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });

  test('live fold = SQL for numbers whose sums and squares are beyond every double', async () => {
    const metric = sampleMetric({ aggregate: callOf(aggregate), groupBy: ['d'] });
    const row = fc.record({ x: hugeNumber, d: fc.nat(3), key: anyKey, offset: fc.nat(2), index: fc.nat(50) });
    const all = fc.uniqueArray(row, { minLength: 9, selector: (r) => `${r.offset}/${r.index}` });
    await fc.assert(
      fc.asyncProperty(all, async (made) => {
        const rows = made.map(({ x, d, ...position }) => sampleEvent(position, { x, d }));
        const [ours, theirs] = await foldBoth(rows, { metric, version: 1, from: 0, before: 9, groups: 1 });
        expectEqualStates(aggregate, ours, theirs, rows);
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });

  test('merging rows in SQL = merging states', async () => {
    const inputs = inputsOf(aggregate, fc.oneof(anyNumber, hugeNumber));
    await fc.assert(
      fc.asyncProperty(inputs, fc.nat(60), fc.nat(60), async (all, i, j) => {
        const [low, high] = [Math.min(i, j), Math.max(i, j)];
        const parts = [all.slice(0, low), all.slice(low, high), all.slice(high)];
        const values = all.map(({ value }) => value);
        await expectEqualMerge(
          aggregate,
          parts.map((part) => foldInputs(aggregate, part)),
          values,
        );
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });
});

test('merging rows in SQL = merging states, for distinct on either side of its exact limit', async () => {
  const distinct = aggregateOf({ name: 'distinct', field: 'x', args: [] });
  const at = { ts: 0, part: 0, offset: 0, index: 0 };
  const states = [0, 1, 2].map((from) => {
    const inputs = Array.from({ length: 1_500 }, (_, i) => ({
      value: `${(from + 1) * (i % (1_100 - 400 * from))}`,
      at,
    }));
    return foldInputs(distinct, inputs);
  });
  await expectEqualMerge(distinct, states, []);
  await expectEqualMerge(distinct, states.slice(1), []);
});

/** What earlier versions have written, which also clamped what was beyond the largest double to it. */
test.each([
  ['sum', [[1.5e308], [1.5e308], [-1.5e308], [7]], [4, 4, 4, 4]],
  ['avg', [[1.5e308], [1.7976931348623157e308], [-1.5e308]], [1, 2, 3]],
  [
    'variance',
    [
      [1e300, 0],
      [12, 3],
      [1e200, 1e308],
    ],
    [1, 2, 3],
  ],
] as const)('merging rows of earlier versions in SQL = merging states of %s', async (name, nums, counts) => {
  const aggregate = aggregateOf({ name, field: 'x', args: [] });
  const states = nums.map((own, i) => {
    const encoded = { nums: [...own], keys: [], counts: name === 'sum' ? [] : [counts[i]!] };
    return { encoded, state: aggregate.decode(encoded) };
  });
  for (const some of [states, states.slice(1), states.slice(0, 1), states.slice(-1)]) {
    const merged = aggregate.create();
    for (const { state } of some) aggregate.merge(merged, state);
    const found = await mergeInSql(
      connection,
      aggregate,
      some.map(({ encoded }) => encoded),
    );
    const expected = aggregate.encode(merged);
    expect(found.nums).toHaveLength(expected.nums.length);
    for (const [i, num] of expected.nums.entries())
      expect(found.nums[i]! / (num || 1)).toBeCloseTo(num && 1, 12);
    expect(found.counts).toEqual(expected.counts);
  }
});

test('quantiles of rows of earlier versions, without extremes, merge in SQL as in the fold', async () => {
  const aggregate = aggregateOf({ name: 'quantiles', field: 'x', args: [0.5] });
  const rows = fc.array(fc.tuple(inputsOf(aggregate, fc.oneof(anyNumber, hugeNumber)), fc.boolean()), {
    minLength: 1,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(rows, async (made) => {
      const encoded = made.map(([inputs, isOld]) => {
        const state = aggregate.encode(foldInputs(aggregate, inputs));
        return isOld ? { ...state, nums: [] } : state;
      });
      const merged = aggregate.create();
      for (const state of encoded) aggregate.merge(merged, aggregate.decode(state));
      expect(await mergeInSql(connection, aggregate, encoded)).toEqual(aggregate.encode(merged));
    }),
    { numRuns: 40, endOnFailure: true },
  );
});

async function expectEqualMerge(
  aggregate: Aggregate,
  states: readonly unknown[],
  values: readonly unknown[],
): Promise<void> {
  const merged = aggregate.create();
  for (const state of states) aggregate.merge(merged, state);
  const encoded = states.map((state) => aggregate.encode(state));
  expectSameState(
    aggregate,
    await mergeInSql(connection, aggregate, encoded),
    aggregate.encode(merged),
    values,
  );
}

test('distinct above its exact limit gives the same registers in both engines', async () => {
  const rows = Array.from({ length: 3_000 }, (_, index) =>
    sampleEvent({ index }, { x: `user ${index % 2_500}` }),
  );
  const metric = sampleMetric({ aggregate: { name: 'distinct', field: 'x', args: [] } });
  const [ours, theirs] = await foldBoth(rows, { metric, version: 1, from: 0, before: 9, groups: 9 });
  expect(ours[0]!.state.counts).toHaveLength(16_384);
  expect(theirs).toEqual(ours);
});

test('both hashes equal ClickHouse’s over any text', async () => {
  const texts = fc.sample(anyText, 300);
  const rows = texts.map((t) => sampleEvent({}, { x: t }).properties);
  expect(rows).toHaveLength(300);
  const found = await connection.query<{ m: number; x: number }>(
    'SELECT murmurHash3_32(t) AS m, xxHash32(t) AS x FROM (SELECT arrayJoin({texts:Array(String)}) AS t)',
    { texts },
  );
  const ours = texts.map((t) => ({ m: murmurHash3(utf8Bytes(t)), x: xxHash32(utf8Bytes(t)) }));
  expect(found).toEqual(ours);
});

test('numbers in conditions compare alike in both engines', async () => {
  await fc.assert(
    fc.asyncProperty(
      events,
      anyNumber,
      fc.constantFrom('gt', 'gte', 'lt', 'lte'),
      async (rows, value, op) => {
        const metric = sampleMetric({ where: [{ path: 'x', op: op as 'gt', value }] });
        const [ours, theirs] = await foldBoth(rows, { metric, version: 1, from: 0, before: 99, groups: 9 });
        expect(theirs).toEqual(ours);
      },
    ),
    { numRuns: 15, endOnFailure: true },
  );
});
