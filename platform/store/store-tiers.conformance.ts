import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import { inputFrom } from '#aggregates/testing/law-inputs.ts';
import type { AggregateCall } from '#contracts/metric/aggregate-call.ts';
import { TIERS } from '#contracts/metric/tier.ts';
import { HOUR, MINUTE, SECOND } from '#contracts/text/duration.ts';
import { mergeRows } from './memory/merge-rows.ts';
import type { RollUp, Store, TierRow } from './store.ts';
import { markAt, rollTo } from './testing/roll-to.ts';
import { sampleCommit, sampleMetric, samplePane, T0 } from './testing/store-samples.ts';
import { storeTierCasesConformance } from './tier-cases.conformance.ts';
import { partsOf } from './tier-spans.ts';

const CALLS: AggregateCall[] = [
  { name: 'count', field: null, args: [] },
  { name: 'sum', field: 'x', args: [] },
  { name: 'min', field: 'x', args: [] },
  { name: 'quantiles', field: 'x', args: [0.5, 0.99] },
  { name: 'distinct', field: 'x', args: [] },
  { name: 'first', field: 'x', args: [] },
  { name: 'share', field: null, args: [], conditions: [{ path: 'x', op: 'gt', value: 0 }] },
];
const MINUTES = TIERS[0]!;
const PANE = 10 * SECOND;
const SPAN = 4 * HOUR;

const row = fc.record({
  pane: fc.integer({ min: 0, max: SPAN / PANE - 1 }).map((n) => T0 + n * PANE),
  group: fc.constantFrom('DE', "it's", '日本'),
  part: fc.constantFrom('0', '1', '2', '~0', '~1', '+1'),
  // Whole numbers, so that the order of additions does not show.
  values: fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 5 }),
  next: fc.integer({ min: 1, max: 9 }),
});
/** Up to when the tiers of partitions 0 and 1 are rolled up, minutes no less than hours; partition 2 has no mark. */
const reached = fc.tuple(
  ...[0, 1].map(() => fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 59 }))),
);
const bound = fc.integer({ min: -10, max: SPAN / PANE + 10 }).map((n) => T0 + n * PANE);

let count = 0;

/** Roll-ups, marks and reads over tiers. */
export function storeTiersConformance(storeOf: () => Store): void {
  test.each(CALLS)('a range of $name is the same from any tier, across marks and odd ends', async (call) => {
    const aggregate = aggregateOf(call);
    const stateOf = (values: number[], ts: number) => {
      const state = aggregate.create();
      values.forEach((value, index) => {
        aggregate.add(state, inputFrom(aggregate, value), { ts, part: 0, offset: ts, index });
      });
      return aggregate.encode(state);
    };
    const align = fc.constantFrom(PANE, MINUTE, 5 * MINUTE, HOUR, 2 * HOUR);
    const range = fc.tuple(bound, bound).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
    const run = async (
      list: (typeof row extends fc.Arbitrary<infer T> ? T : never)[],
      upto: [number, number][],
      asked: { from: number; to: number },
      boundary: number,
    ) => {
      const metric = sampleMetric({ id: `tiers.${call.name}.${count++}`, aggregate: call, groupBy: ['c'] });
      const store = storeOf();
      await store.insertCommits([0, 1, 2].map((partition) => sampleCommit(partition, 1)));
      await store.insertPanes(
        list.map(({ values, group, ...rest }) =>
          samplePane({ ...rest, metric: metric.id, group: [group], state: stateOf(values, rest.pane) }),
        ),
      );
      const marks = upto.flatMap(([hours, minutes], partition) => [
        markAt(metric.id, partition, HOUR, T0 + hours * HOUR),
        markAt(metric.id, partition, MINUTE, T0 + hours * HOUR + minutes * MINUTE),
      ]);
      await rollTo(store, metric, marks);
      const of = { metric: metric.id, version: 1, ...asked };
      const held = await store.readPanes(of);
      const found = await store.readTiers({ ...of, align: boundary });
      const windows = { kind: 'grid', size: boundary, every: boundary, origin: 0 } as const;
      const view = { windows, groupBy: ['c'], where: [] };
      const merged = (rows: readonly TierRow[]) =>
        mergeRows(rows, { metric, view, form: 'state' }, aggregate);
      expect(merged(found)).toEqual(merged(held));
      expect(found.length).toBeLessThanOrEqual(held.length);
      // A coarse row stays within the boundaries that the reader asked for, and within its range.
      for (const { pane } of found) expect(pane >= asked.from && pane < asked.to).toBe(true);
    };
    await fc.assert(fc.asyncProperty(fc.array(row, { maxLength: 40 }), reached, range, align, run), {
      numRuns: 8,
    });
  });

  test('a partition that commits for the first time is read at once, beside marks of others that are known', async () => {
    const store = storeOf();
    const metric = sampleMetric({ id: 'tiers.joined' });
    const windows = { kind: 'grid', size: HOUR, every: HOUR, origin: 0 } as const;
    const view = { windows, groupBy: [], where: [] };
    const read = async () =>
      (await store.readWindows({ metric, version: 1, view, form: 'state', from: T0, to: T0 + HOUR })).map(
        ({ state }) => state.counts,
      );
    const pane = samplePane({
      metric: metric.id,
      pane: T0,
      group: [],
      state: { nums: [], keys: [], counts: [1] },
    });
    await store.insertPanes([pane]);
    await store.insertCommits([sampleCommit(0, 1)]);
    await rollTo(
      store,
      metric,
      [MINUTE, HOUR].map((tier) => markAt(metric.id, 0, tier, T0 + HOUR)),
    );
    expect(await read()).toEqual([[1]]);
    // No other case commits partitions of these numbers.
    await store.insertPanes(['41', '~42', '+43'].map((part) => ({ ...pane, part })));
    await store.insertCommits([41, 42, 43].map((partition) => sampleCommit(partition, 1)));
    expect(await read()).toEqual([[4]]);
  });

  test('what is rolled up is read from there, also when the finer rows are gone', async () => {
    const store = storeOf();
    const metric = sampleMetric({ id: 'tiers.gone' });
    const panes = [0, 30 * SECOND, MINUTE, HOUR, HOUR + 90 * SECOND, 2 * HOUR].map((at) => T0 + at);
    await store.insertPanes(panes.map((pane) => samplePane({ metric: metric.id, pane })));
    await rollTo(store, metric, [
      markAt(metric.id, 0, MINUTE, T0 + HOUR + 2 * MINUTE),
      markAt(metric.id, 0, HOUR, T0 + HOUR),
    ]);
    const parts = partsOf(0);
    const aged = { metric: metric.id, version: 1, parts };
    await store.expire({
      panes: [
        { ...aged, tier: 'pane', before: T0 + HOUR + 2 * MINUTE },
        { ...aged, tier: 'minute', before: T0 + HOUR },
      ],
      gone: [],
      eventsBefore: 0,
    });
    const read = async (align: number, from = T0) =>
      (await store.readTiers({ metric: metric.id, version: 1, from, to: T0 + 3 * HOUR, align })).map(
        ({ pane, state }) => [pane - T0, state.counts[0]],
      );
    expect(await read(2 * HOUR)).toEqual([
      [0, 3],
      [HOUR, 1],
      [HOUR + MINUTE, 1],
      [2 * HOUR, 1],
    ]);
    expect(await read(MINUTE)).toEqual([
      [HOUR, 1],
      [HOUR + MINUTE, 1],
      [2 * HOUR, 1],
    ]);
    expect(await read(SECOND)).toEqual([[2 * HOUR, 1]]);
    expect(await read(HOUR, T0 + SECOND)).toEqual([
      [HOUR, 1],
      [HOUR + MINUTE, 1],
      [2 * HOUR, 1],
    ]);
  });

  test('a roll-up merges the rows that hold, keeps the highest next, and runs again without a change', async () => {
    const store = storeOf();
    const metric = sampleMetric({ id: 'tiers.again' });
    const at = (pane: number, next: number, counted: number, part = '0') =>
      samplePane({ metric: metric.id, pane, next, part, state: { nums: [], keys: [], counts: [counted] } });
    await store.insertPanes([at(T0, 2, 1), at(T0 + SECOND, 7, 4), at(T0, 3, 8, '+0')]);
    await store.insertPanes([at(T0, 5, 2), at(T0 + MINUTE, 9, 100)]);
    const once = {
      metric,
      version: 1,
      parts: ['0'],
      tier: MINUTES,
      source: 'pane',
      from: T0,
      to: T0 + MINUTE,
    } as const;
    await store.insertMarks([markAt(metric.id, 0, MINUTE, T0 + MINUTE)]);
    const read = () =>
      store.readTiers({ metric: metric.id, version: 1, from: T0, to: T0 + MINUTE, align: MINUTE });
    await store.rollUp([once]);
    await store.rollUp([once, { ...once, parts: ['+0'] }]);
    const [live, imported] = [6, 8].map((counted) => ({
      pane: T0,
      group: ['DE'],
      state: { nums: [], keys: [], counts: [counted] },
    }));
    // By group and part, as they are stored.
    expect(await read()).toEqual([
      { ...imported, part: '+0' },
      { ...live, part: '0' },
    ]);
    // A late writer's older rows are merged again, and change nothing.
    await store.insertPanes([at(T0, 4, 50)]);
    await store.rollUp([once]);
    expect(await read()).toHaveLength(2);
    // A fill that writes newer rows replaces what was made of its older ones.
    await store.insertPanes([at(T0, 4, 9, '+0')]);
    await store.rollUp([{ ...once, parts: ['+0'] }]);
    expect((await read()).map(({ state }) => state.counts[0])).toEqual([9, 6]);
  });

  test('one call rolls up metrics of many aggregates, versions and spans', async () => {
    const store = storeOf();
    const metrics = CALLS.slice(0, 3).map((aggregate, i) =>
      sampleMetric({ id: `tiers.many.${i}`, aggregate }),
    );
    const stateOf = (i: number) => ({ nums: i === 0 ? [] : [i], keys: [], counts: i === 0 ? [1] : [] });
    await store.insertPanes(
      metrics.flatMap(({ id }, i) =>
        [1, 2].map((version) => samplePane({ metric: id, version, state: stateOf(i) })),
      ),
    );
    const rollUps = metrics.map((metric, i): RollUp => {
      const to = T0 + (i + 1) * MINUTE;
      return { metric, version: 2, parts: ['0'], tier: MINUTES, source: 'pane', from: T0, to };
    });
    await store.rollUp(rollUps);
    await store.insertMarks(
      metrics.flatMap(({ id }) =>
        [1, 2].map((version) => ({ ...markAt(id, 0, MINUTE, T0 + MINUTE), version })),
      ),
    );
    for (const [i, { id }] of metrics.entries()) {
      const of = { metric: id, from: T0, to: T0 + HOUR, align: MINUTE };
      expect((await store.readTiers({ ...of, version: 2 })).map(({ state }) => state)).toEqual([stateOf(i)]);
      expect(await store.readTiers({ ...of, version: 1 })).toEqual([]);
    }
  });

  test('of marks the highest holds, for each metric version, partition and tier', async () => {
    const store = storeOf();
    const list = [
      markAt('tiers.marks', 0, MINUTE, T0),
      markAt('tiers.marks', 1, MINUTE, T0),
      markAt('tiers.marks', 1, HOUR, T0),
    ];
    await store.insertMarks(list);
    await store.insertMarks([
      { ...list[0]!, upto: T0 - MINUTE },
      { ...list[1]!, upto: T0 + MINUTE },
    ]);
    await store.insertMarks([{ ...list[0]!, version: 2 }]);
    expect(await store.readMarks({ metric: 'tiers.marks', version: 1 })).toEqual([
      list[0],
      { ...list[1]!, upto: T0 + MINUTE },
      list[2],
    ]);
    expect((await store.readMarks()).filter(({ metric }) => metric === 'tiers.marks')).toHaveLength(4);
  });
  storeTierCasesConformance(storeOf);
}
