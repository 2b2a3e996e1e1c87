import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import type { AggregateCall } from '#contracts/metric/aggregate-call.ts';
import { leastPane } from '#contracts/metric/pane.ts';
import { HOUR, MINUTE, SECOND } from '#contracts/text/duration.ts';
import { openChdbConnection } from '../connection/chdb-connection.ts';
import { createMemoryStore } from '../memory/memory-store.ts';
import type { Store } from '../store.ts';
import type { StoreAggregate } from '../store-aggregate.ts';
import { byText, sampleEvent, sampleMetric, T0 } from '../testing/store-samples.ts';
import { createClickHouseStore } from './clickhouse-store.ts';

/** Bounds that a few events reach. */
const BOUNDS = { sequences: 5, points: 6 };
const boundedOf = (call: AggregateCall): StoreAggregate => {
  const aggregate = aggregateOf(call);
  const { sequence } = aggregate;
  if (sequence === undefined) return aggregate;
  const points = Math.max(BOUNDS.points, Number.isFinite(sequence.bounds.points) ? 0 : Infinity);
  return { ...aggregate, sequence: { ...sequence, bounds: { ...BOUNDS, points } } };
};

let folder: string;
let engine: Store;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-sequences-'));
  const connection = await openChdbConnection({ folder, memory: 1_000_000_000, sessions: 2 });
  engine = createClickHouseStore(connection, { aggregateOf: boundedOf, pointsAFill: 20 });
  await engine.migrate();
});
afterAll(async () => {
  await engine?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Times within a minute, an hour and several, often equal. */
const time = fc.oneof(
  fc.integer({ min: 0, max: 4 }).map((s) => T0 + s * SECOND),
  fc.integer({ min: 0, max: 59 }).map((s) => T0 + s * SECOND),
  fc.integer({ min: -2 * HOUR, max: 2 * HOUR }).map((ms) => T0 + ms),
  fc.constantFrom(T0 - 1, T0 + MINUTE - 1, T0 + MINUTE, T0 + HOUR - 1),
);
const NO_SAMPLES = ['text', null, 2 ** 900];
const event = (x: fc.Arbitrary<unknown>) =>
  fc.record({
    offset: fc.nat(30),
    index: fc.nat(6),
    ts: time,
    late: fc.integer({ min: 0, max: 9 }),
    imported: fc.integer({ min: 0, max: 9 }),
    key: fc.constantFrom('k1', 'k2', 'k3', "k'4", null),
    x: fc.oneof(fc.nat(100), fc.nat(100), x),
    d: fc.constantFrom('a', 'a', 'b', 'c', 'long one', '__other__'),
  });
const rowsOf = (x: fc.Arbitrary<unknown>) =>
  fc
    .uniqueArray(event(x), { minLength: 40, maxLength: 160, selector: (e) => `${e.offset}/${e.index}` })
    .map((all) =>
      all.map(({ x, d, late, imported, ...place }) =>
        sampleEvent(
          { ...place, watermark: late === 0 ? place.ts + MINUTE : place.ts, imported: imported === 0 },
          { x, d },
        ),
      ),
    );

const spans = fc.constantFrom(2 * SECOND, MINUTE, HOUR);
interface Tried {
  name: string;
  calls: fc.Arbitrary<AggregateCall>;
  rows: ReturnType<typeof rowsOf>;
}

/**
 * Aggregates of sequences: a sample is remembered for a time, or sessions have a gap and are cut at some time or other. Of numbers what is
 * added and taken back has to leave nothing behind.
 */
const TRIED: Tried[] = [
  {
    name: 'increase',
    calls: spans.map((hold) => ({ name: 'increase', field: 'x', args: [], spans: [hold] })),
    rows: rowsOf(fc.constantFrom<unknown>(-1, 0.25, 1e300, ...NO_SAMPLES)),
  },
  {
    name: 'sessions',
    calls: fc.tuple(spans, fc.constantFrom(MINUTE, 70 * MINUTE, 24 * HOUR)).map(([gap, longest]) => {
      return { name: 'sessions', field: null, args: [], spans: [Math.min(gap, longest), longest] };
    }),
    rows: rowsOf(fc.constantFrom<unknown>(...NO_SAMPLES)),
  },
  {
    name: 'time_weighted',
    calls: spans.map((hold) => ({ name: 'time_weighted', field: 'x', args: [], spans: [hold] })),
    rows: rowsOf(fc.constantFrom<unknown>(-7, 0.25, -0, 1e9, ...NO_SAMPLES)),
  },
];

/** A pane that the aggregate may have; a sample holds for a few of them. */
const paneOf = (call: AggregateCall, pane: number): number =>
  call.name === 'time_weighted' ? Math.max(pane, 8 * leastPane(call)) : pane;

let partition = 0;

/** A Store of each kind with the same events, in a partition of their own. */
async function both(events: readonly ReturnType<typeof sampleEvent>[]): Promise<[Store, Store]> {
  partition++;
  const own = events.map((row) => ({ ...row, part: partition }));
  const reference = createMemoryStore({ aggregateOf: boundedOf });
  for (const store of [reference, engine]) await store.insertEvents(own);
  return [reference, engine];
}

test.each(TRIED)(
  '$name: sequences contribute in SQL what they do in the order of the log, from any offset on, within the bounds and the cap of groups',
  async ({ calls, rows }) => {
    let merged = 0;
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.nat(30),
        calls,
        fc.subarray(['d']),
        async (events, from, aggregate, groupBy) => {
          const metric = sampleMetric({ aggregate, groupBy, pane: paneOf(aggregate, 10 * SECOND) });
          const stores = await both(events);
          const scope = { metric, version: 1, partition, from, before: 29, groups: 2, valueLength: 6 };
          const [ours, theirs] = await Promise.all(stores.map((store) => store.runSqlFold(scope)));
          expect(byText(theirs!)).toEqual(byText(ours!));
          merged += ours!.filter(({ group }) => group[0] === '__other__').length;
        },
      ),
      { numRuns: 60, endOnFailure: true },
    );
    expect(merged).toBeGreaterThan(10);
  },
);

test.each(TRIED)(
  '$name: the points to go on from are those of the reference, page by page',
  async ({ calls, rows }) => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.nat(30),
        time,
        fc.tuple(calls, fc.integer({ min: 1, max: 9 })),
        async (events, before, open, [aggregate, limit]) => {
          const metric = sampleMetric({ aggregate, groupBy: ['d'] });
          const stores = await both(events);
          const scope = { metric, partition, before, from: T0 - HOUR, open, valueLength: 6 };
          const whole = await stores[0].readPoints({ ...scope, after: null, limit: 1_000 });
          for (const store of stores) {
            const found: typeof whole = [];
            for (let more = true; more; ) {
              const page = await store.readPoints({
                ...scope,
                after: found.at(-1) ?? null,
                limit: limit * 10,
              });
              found.push(...page);
              more = page.length === limit * 10;
            }
            expect(found).toEqual(whole);
          }
        },
      ),
      { numRuns: 20, endOnFailure: true },
    );
  },
);

test.each(TRIED)(
  '$name: a back-fill that is cut into parts gives the rows of a whole one',
  async ({ calls, rows }) => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        calls,
        fc.constantFrom(SECOND, 90 * SECOND, 2 * HOUR),
        async (events, aggregate, pane) => {
          const metric = sampleMetric({
            id: `cut ${partition}`,
            aggregate,
            groupBy: ['d'],
            pane: paneOf(aggregate, pane),
          });
          const stores = await both(events);
          const scope = { metric, version: 1, groups: 2 };
          for (const store of stores)
            await store.backfill({ ...scope, partitions: [{ partition, before: 29 }] });
          const range = { metric: metric.id, version: 1, from: 0, to: T0 * 2 };
          const [ours, theirs] = await Promise.all(stores.map((store) => store.readPanes(range)));
          expect(byText(theirs!)).toEqual(byText(ours!));
        },
      ),
      { numRuns: 20, endOnFailure: true },
    );
  },
);
