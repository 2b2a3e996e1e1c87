import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MOST_KEYS } from '#aggregates/keys/key-sample.ts';
import { aggregateOf } from '#aggregates/registry.ts';
import type { Filter } from '#contracts/filter/filter.ts';
import type { AggregateCall } from '#contracts/metric/aggregate-call.ts';
import { HOUR, MINUTE, SECOND } from '#contracts/text/duration.ts';
import { openChdbConnection } from '../connection/chdb-connection.ts';
import type { Connection } from '../connection/engine-connection.ts';
import { createMemoryStore } from '../memory/memory-store.ts';
import type { Store } from '../store.ts';
import type { StoreAggregate } from '../store-aggregate.ts';
import { mergeInSql, reduceInSql } from '../testing/merge-in-sql.ts';
import { byText, sampleEvent, sampleMetric, T0 } from '../testing/store-samples.ts';
import { createClickHouseStore } from './clickhouse-store.ts';

/** Bounds that a few events reach. */
const BOUNDS = { sequences: 5, points: 6 };
const boundedOf = (call: AggregateCall): StoreAggregate => {
  const aggregate = aggregateOf(call);
  return { ...aggregate, sequence: { ...aggregate.sequence!, bounds: BOUNDS } };
};

let folder: string;
let connection: Connection;
let engine: Store;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-funnels-'));
  connection = await openChdbConnection({ folder, memory: 1_000_000_000, sessions: 2 });
  engine = createClickHouseStore(connection, { aggregateOf: boundedOf, pointsAFill: 20 });
  await engine.migrate();
});
afterAll(async () => {
  await engine?.close();
  await rm(folder, { recursive: true, force: true });
});

const pageIs = (...values: string[]): Filter => ({ path: 'page', op: 'in', values });
/** An event may be one step, several, or none. */
const STEPS = [pageIs('cart', 'both'), pageIs('both', 'checkout'), pageIs('both', 'paid')];
const callOf = (span: number, steps: number): AggregateCall => ({
  name: 'funnel',
  field: null,
  args: [],
  spans: [span],
  conditions: STEPS.slice(0, steps),
});

/** Times within seconds, minutes and hours, often equal. */
const time = fc.oneof(
  fc.nat(4).map((s) => T0 + s * SECOND),
  fc.nat(200).map((s) => T0 + s * SECOND),
  fc.integer({ min: -2 * HOUR, max: 2 * HOUR }).map((ms) => T0 + ms),
  fc.constantFrom(T0 - 1, T0 + MINUTE - 1, T0 + MINUTE, T0 + HOUR),
);
const event = fc.record({
  offset: fc.nat(30),
  index: fc.nat(6),
  ts: time,
  late: fc.nat(9),
  imported: fc.nat(9),
  key: fc.constantFrom('k1', 'k1', 'k2', "k'3", null),
  page: fc.constantFrom('cart', 'cart', 'checkout', 'paid', 'both', 'home'),
  d: fc.constantFrom('a', 'a', 'a', 'b', 'c', 'long one', '__other__'),
});
const rows = fc
  .uniqueArray(event, { minLength: 40, maxLength: 160, selector: (e) => `${e.offset}/${e.index}` })
  .map((all) =>
    all.map(({ page, d, late, imported, ...place }) =>
      sampleEvent(
        { ...place, watermark: late === 0 ? place.ts + MINUTE : place.ts, imported: imported === 0 },
        { page, d },
      ),
    ),
  );
const call = fc.constantFrom(
  ...[2 * SECOND, MINUTE, HOUR].flatMap((span) => [2, 3].map((steps) => callOf(span, steps))),
);

let partition = 0;

/** A Store of each kind with the same events, in a partition of their own. */
async function both(events: readonly ReturnType<typeof sampleEvent>[]): Promise<[Store, Store]> {
  partition++;
  const own = events.map((row) => ({ ...row, part: partition }));
  const reference = createMemoryStore({ aggregateOf: boundedOf });
  for (const store of [reference, engine]) await store.insertEvents(own);
  return [reference, engine];
}

test('funnels are in SQL what they are in the order of the log, from any offset on, within the bounds and the cap of groups', async () => {
  let [merged, through] = [0, 0];
  await fc.assert(
    fc.asyncProperty(rows, fc.nat(30), call, fc.subarray(['d']), async (events, from, aggregate, groupBy) => {
      const metric = sampleMetric({ aggregate, groupBy, pane: 10 * SECOND });
      const stores = await both(events);
      const scope = { metric, version: 1, partition, from, before: 29, groups: 2, valueLength: 6 };
      const [ours, theirs] = await Promise.all(stores.map((store) => store.runSqlFold(scope)));
      expect(byText(theirs!)).toEqual(byText(ours!));
      merged += ours!.filter(({ group }) => group[0] === '__other__').length;
      const { decode, value } = aggregateOf(aggregate);
      through += ours!.filter(({ state }) => (value(decode(state), aggregate, 1).at(-2) ?? 0) > 0).length;
    }),
    { numRuns: 40, endOnFailure: true },
  );
  expect(merged).toBeGreaterThan(10);
  expect(through).toBeGreaterThan(20);
});

test('a back-fill that is cut into parts gives the rows of a whole one', async () => {
  await fc.assert(
    fc.asyncProperty(
      rows,
      call,
      fc.constantFrom(SECOND, 90 * SECOND, 2 * HOUR),
      async (events, aggregate, pane) => {
        const metric = sampleMetric({ id: `cut ${partition}`, aggregate, groupBy: ['d'], pane });
        const stores = await both(events);
        const scope = { metric, version: 1, groups: 2 };
        for (const store of stores)
          await store.backfill({ ...scope, partitions: [{ partition, before: 29 }] });
        const range = { metric: metric.id, version: 1, from: 0, to: T0 * 2 };
        const [ours, theirs] = await Promise.all(stores.map((store) => store.readPanes(range)));
        expect(byText(theirs!)).toEqual(byText(ours!));
      },
    ),
    { numRuns: 12, endOnFailure: true },
  );
});

test('samples of keys are merged and reduced in SQL as in plain code', async () => {
  const own = callOf(MINUTE, 3);
  const { create, add, merge, encode, reduced, sequence } = aggregateOf(own);
  /** More keys than are kept, each of which comes as far as its number says. */
  const stateOf = (from: number, keys: number): unknown => {
    const state = create();
    const at = { ts: 0, part: 0, offset: 0, index: 0 };
    for (let i = from; i < from + keys; i++) {
      const points = [1, 2, 4]
        .slice(0, 1 + (i % 3))
        .map((value, nth) => ({ ts: T0 + nth * (i % 20_000), offset: nth, index: 0, value }));
      for (const place of points.keys())
        for (const { value } of sequence!.insert(points.slice(0, place + 1), place, {
          hold: MINUTE,
          pane: 1_000,
          key: `key ${i}`,
          call: own,
        }))
          add(state, value, at);
    }
    return state;
  };
  const aggregate = aggregateOf(own);
  const states = [...[0, 1_500, 90_000].map((from) => stateOf(from, 3_000)), stateOf(7, 9), create()];
  for (const some of [states, states.slice(0, 1), states.slice(3), states.slice(4)]) {
    const merged = create();
    for (const state of some) merge(merged, state);
    const encoded = some.map((state) => encode(state));
    expect(await mergeInSql(connection, aggregate, encoded)).toEqual(encode(merged));
    expect(await reduceInSql(connection, aggregate, own, encoded)).toEqual(reduced!.of(merged, own));
  }
});

test('the SQL fold of more keys than are kept is what the fold keeps', async () => {
  const events = Array.from({ length: 3_000 }, (_, index) =>
    sampleEvent({ index, key: `key ${index}` }, { page: 'cart' }),
  );
  const stores = [
    createMemoryStore({ aggregateOf }),
    createClickHouseStore(connection, { aggregateOf }),
  ] as const;
  const own = events.map((row) => ({ ...row, part: 9_999 }));
  const scope = { version: 1, partition: 9_999, from: 0, before: 9, groups: 9 };
  const metric = sampleMetric({ aggregate: callOf(MINUTE, 2) });
  const [ours, theirs] = await Promise.all(
    stores.map(async (store) => {
      await store.insertEvents(own);
      return store.runSqlFold({ ...scope, metric });
    }),
  );
  expect(ours![0]!.state.keys).toHaveLength(3 * (MOST_KEYS + 1));
  expect(theirs).toEqual(ours);
});
