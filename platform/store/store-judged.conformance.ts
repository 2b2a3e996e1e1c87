import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ArchiveRow } from '#contracts/log/rows.ts';
import { OTHER } from '#contracts/metric/dimension.ts';
import { isCounted } from '#contracts/metric/explanation.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import type { JudgedPartition, JudgedScope, SharesScope } from './judged-events.ts';
import type { Store } from './store.ts';
import { sampleEvent, sampleMetric, samplePane, T0 } from './testing/store-samples.ts';

const LATENESS = 60_000;
const SECOND = 1_000;

/** A partition of which everything is folded. */
const folded = (partition: number, over: Partial<JudgedPartition> = {}): JudgedPartition => ({
  partition,
  committed: 1_000,
  activation: 0,
  backfilled: true,
  imports: 0,
  late: 0,
  ...over,
});

/** The part of the Store's contract by which a number is explained. */
export function storeJudgedConformance(storeOf: () => Store): void {
  const scopeOf = (metric: Metric, over: Partial<JudgedScope> = {}): JudgedScope => ({
    metric,
    version: 3,
    from: T0,
    to: T0 + 10 * SECOND,
    partitions: [folded(400)],
    where: [],
    ...over,
  });
  /** `partition outcome field found` → events. */
  const countsOf = async (scope: JudgedScope): Promise<Record<string, number>> => {
    const counts = await storeOf().countJudged(scope);
    return Object.fromEntries(
      counts.map(({ partition, outcome, field, found, count }) => [
        [partition, outcome, ...(field === null ? [] : [field, found])].join(' '),
        count,
      ]),
    );
  };
  const pageOf = async (scope: JudgedScope) => {
    const { events } = await storeOf().readEvents({ where: [], limit: 1_000, rows: 1e6, counted: scope });
    return events.map(({ part, offset, index }) => `${part}/${offset}/${index}`);
  };

  test('says of each event of a metric what became of it, each copy once', async () => {
    const at = (offset: number, over: Partial<ArchiveRow> = {}, properties: object = { shop: 'a', n: 1 }) =>
      sampleEvent({ part: 400, offset, event: 'judged', ...over }, properties);
    const late = { watermark: T0 + LATENESS };
    const rows = [
      at(0, {}),
      at(1, { event: 'another' }),
      at(2, {}, { shop: 'a', n: 1, plan: 'free' }),
      at(3, { ts: T0 - 1 }),
      at(4, { ts: T0 + 10 * SECOND }),
      at(5, { imported: true }),
      at(6, late),
      at(7, { imported: true, ...late }),
      at(8, late),
      at(10, {}, { shop: ['a'], n: 'text' }),
      at(11, {}, { shop: 'a', n: 'text' }),
      at(12, {}, { shop: 'a' }),
      at(13, {}, { n: 1 }),
      at(14, {}, { shop: { x: 1 }, n: 1 }),
      at(1_000, {}),
      at(0, { part: 401 }),
    ];
    await storeOf().insertEvents(rows);
    await storeOf().insertEvents(rows.slice(0, 5));
    const metric = sampleMetric({
      id: 'judged',
      events: ['judged'],
      where: [{ path: 'plan', op: 'notIn', values: ['free'] }],
      aggregate: { name: 'sum', field: 'n', args: [] },
      groupBy: ['shop'],
    });
    const partitions = [folded(400, { activation: 10, imports: 6, late: 7 })];
    const skips = {
      '400 skipped shop list': 1,
      '400 skipped shop object': 1,
      '400 skipped n text': 1,
      '400 absent n nothing': 1,
    };
    const scope = scopeOf(metric, { partitions });
    expect(await countsOf(scope)).toEqual({
      '400 filled': 1,
      '400 live': 1,
      '400 added': 2,
      '400 imported': 1,
      '400 late': 1,
      ...skips,
    });
    expect(await pageOf(scope)).toEqual(['400/13/0', '400/6/0', '400/5/0', '400/0/0']);
    const unfilled = [folded(400, { activation: null, backfilled: false })];
    expect(await countsOf(scopeOf(metric, { partitions: unfilled }))).toEqual({
      '400 before': 6,
      '400 imported': 2,
      '400 late': 2,
    });
    const grouped = scopeOf(metric, { partitions, where: [{ path: 'shop', op: 'in', values: ['a'] }] });
    expect(await countsOf(grouped)).toMatchObject({ '400 filled': 1, '400 added': 2, ...skips });
    expect(await pageOf(grouped)).toEqual(['400/6/0', '400/5/0', '400/0/0']);
    expect(await storeOf().countRange({ from: T0 - 1, to: T0 })).toBeGreaterThan(0);
  });

  test('an event without a key is no part of sequences, whether their aggregate has a field or none', async () => {
    const at = (offset: number, key: string | null, n: unknown) =>
      sampleEvent({ part: 405, offset, event: 'followed', key }, { n });
    await storeOf().insertEvents([at(0, 'k', 1), at(1, null, 2), at(2, 'k', -1), at(3, null, 'text')]);
    const of = (name: string, field: string | null, spans: number[]) => {
      const aggregate = { name, field, args: [], spans };
      const metric = sampleMetric({ id: name, events: ['followed'], aggregate });
      return countsOf(scopeOf(metric, { partitions: [folded(405)] }));
    };
    expect(await of('sessions', null, [60 * SECOND])).toEqual({
      '405 live': 2,
      '405 absent $key nothing': 2,
    });
    expect(await of('increase', 'n', [60 * SECOND])).toEqual({
      '405 live': 1,
      '405 absent $key nothing': 1,
      '405 skipped n number': 1,
      '405 skipped n text': 1,
    });
  });

  test('what is beyond the cap, and what is too long, is of the group that its pane merged it into', async () => {
    const metric = sampleMetric({ id: 'merged', events: ['merged'], groupBy: ['a', 'b'] });
    await storeOf().insertEvents(
      ['x', 'y', 'z', 'x', 'long value'].map((a, offset) =>
        sampleEvent(
          { part: 402, offset, event: 'merged', ts: T0 + (offset === 3 ? SECOND : 0) },
          { a, b: 1 },
        ),
      ),
    );
    const scope = { metric, version: 3, valueLength: 4, partitions: [folded(402)] };
    const rows = await storeOf().runSqlFold({ ...scope, partition: 402, from: 0, before: 9, groups: 1 });
    await storeOf().insertPanes(rows);
    const of = (...values: string[]) =>
      pageOf(scopeOf(metric, { ...scope, where: [{ path: 'a', op: 'in', values }] }));
    expect(await of('x')).toEqual(['402/3/0', '402/0/0']);
    expect(await of(OTHER)).toEqual(['402/4/0', '402/2/0', '402/1/0']);
    expect(await of('y')).toEqual([]);
    const cell = { metric: 'merged', version: 3, pane: T0, part: '402', group: ['x', '1'] };
    const cells = [
      cell,
      { ...cell, part: '~402' },
      { ...cell, group: ['y', '1'] },
      { ...cell, group: [OTHER, OTHER] },
    ];
    expect(await storeOf().hasCells(cells)).toEqual([true, false, false, true]);
    expect(await storeOf().hasCells([])).toEqual([]);
  });

  test('each level has names of its own, and what is too long is cut from there on', async () => {
    const metric = sampleMetric({ id: 'levels', events: ['levels'], groupBy: ['a', 'b'] });
    const pairs = ['x 1', 'x 2', 'y 3', 'x 4', 'x long value', 'long value 5'];
    await storeOf().insertEvents(
      pairs.map((pair, offset) => {
        const [, a, b] = /^(long value|\w+) (.*)$/.exec(pair)!;
        return sampleEvent({ part: 405, offset, event: 'levels', ts: T0 }, { a, b });
      }),
    );
    const scope = { metric, version: 3, valueLength: 4, partitions: [folded(405)] };
    const fold = { ...scope, partition: 405, from: 0, before: 9, groups: 1, levels: true };
    await storeOf().insertPanes(await storeOf().runSqlFold(fold));
    const of = (a: string, b: string) =>
      pageOf(
        scopeOf(metric, {
          ...scope,
          where: [
            { path: 'a', op: 'in', values: [a] },
            { path: 'b', op: 'in', values: [b] },
          ],
        }),
      );
    expect(await of('x', '1')).toEqual(['405/0/0']);
    expect(await of('x', OTHER)).toEqual(['405/4/0', '405/3/0', '405/1/0']);
    expect(await of(OTHER, OTHER)).toEqual(['405/5/0', '405/2/0']);
    expect(await of('y', OTHER)).toEqual([]);
  });

  test('a cell is named whatever is in its texts', async () => {
    const group = ["it's", 'a\n{x:String}'];
    await storeOf().insertPanes([samplePane({ metric: 'named cells', group, part: '403' })]);
    const cell = { metric: 'named cells', version: 1, pane: T0, part: '403', group };
    expect(await storeOf().hasCells([cell, { ...cell, version: 2 }])).toEqual([true, false]);
  });

  test('compares shares of values inside and outside, the largest difference first', async () => {
    const metric = sampleMetric({ id: 'compared', events: ['compared'], groupBy: ['shop'] });
    const at = (offset: number, d: number, properties: object) =>
      sampleEvent({ part: 404, offset, event: 'compared', key: `k${offset % 2}`, ts: T0 + d }, properties);
    await storeOf().insertEvents([
      at(0, 0, { shop: 'a', plan: 'free', 'deep.er': true, $key: 7 }),
      at(1, 1, { shop: 'a', plan: 'free', nothing: null }),
      at(2, 2, { shop: 'b', plan: 'free' }),
      at(3, 3, { shop: 'b', plan: 'pro', list: [1] }),
      at(4, -1, { shop: 'a', plan: 'pro', n: 1.5 }),
    ]);
    const bounds = { paths: 10, values: 3, exact: 10_000 };
    const shares = (over: Partial<SharesScope>): Promise<unknown> =>
      storeOf().compareShares({
        ...scopeOf(metric, { partitions: [folded(404)] }),
        ...bounds,
        split: null,
        where: [{ path: 'shop', op: 'in', values: ['a'] }],
        ...over,
      });
    expect(await shares({})).toEqual({
      ...{ inside: 2, outside: 2, sample: 1, omitted: false },
      values: [
        { path: 'plan', value: 'free', inside: 2, outside: 1 },
        { path: 'plan', value: 'pro', inside: 0, outside: 1 },
        { path: '$$key', value: '7', inside: 1, outside: 0 },
      ],
    });
    expect(await shares({ from: T0 - SECOND, split: T0, values: 2 })).toEqual({
      ...{ inside: 2, outside: 1, sample: 1, omitted: false },
      values: [
        { path: 'plan', value: 'free', inside: 2, outside: 0 },
        { path: 'plan', value: 'pro', inside: 0, outside: 1 },
      ],
    });
    expect(await shares({ paths: 1 })).toMatchObject({ omitted: true, inside: 2 });
    expect(await shares({ exact: 2, where: [] })).toMatchObject({ sample: expect.any(Number), outside: 0 });
  });

  test('whatever the events, cap and question: as many events count as the states of the cells say', async () => {
    let part = 410;
    const text = fc.constantFrom('a', 'b', 'c', OTHER, 'too long');
    const value = fc.oneof(text, text, text, fc.constantFrom(null, 1, true, [1], { x: 1 }));
    const event = fc.record({
      ts: fc.nat(3_000).map((d) => T0 + d),
      watermark: fc.constantFrom(null, T0, T0 + LATENESS + 1_000),
      imported: fc.boolean(),
      properties: fc.record({ a: value, b: value }, { requiredKeys: [] }),
    });
    const question = fc.record({
      rows: fc.array(event, { maxLength: 25 }),
      activation: fc.nat(25),
      groups: fc.integer({ min: 1, max: 3 }),
      added: fc.nat(25),
      groupBy: fc.constantFrom([], ['a'], ['a', 'b']),
      from: fc.nat(2),
      values: fc.subarray(['a', 'b', OTHER, '__missing__'], { minLength: 1 }),
    });
    await fc.assert(
      fc.asyncProperty(question, async ({ rows, activation, groups, added, groupBy, from, values }) => {
        const partition = part++;
        const store = storeOf();
        const metric = sampleMetric({ id: `m${partition}`, groupBy: [...groupBy] });
        await store.insertEvents(
          rows.map(({ properties, ...row }, offset) =>
            sampleEvent({ part: partition, offset, ...row }, properties),
          ),
        );
        const caps = { metric, version: 3, groups, valueLength: 3 };
        await store.insertPanes(await store.runSqlFold({ ...caps, partition, from: activation, before: 30 }));
        await store.backfill({ ...caps, partitions: [{ partition, before: activation }] });
        const bound = { from: 0, before: added };
        await store.fillAdded({ ...caps, partitions: [{ partition, imports: bound, late: bound }] });
        const scope: JudgedScope = {
          ...{ metric, version: 3, valueLength: 3, from: T0 + from * SECOND, to: T0 + 3 * SECOND },
          partitions: [folded(partition, { activation, imports: added, late: added })],
          where: groupBy.length === 0 ? [] : [{ path: 'a', op: 'in', values }],
        };
        const windows = { kind: 'list', bounds: [scope.from, scope.to] } as const;
        const view = { groupBy: [], where: [...scope.where], windows };
        const stored = await store.readWindows({ ...scope, view, form: 'state' });
        const inCells = stored.filter(({ group }) => group !== null).map(({ state }) => state.counts[0]!);
        const counted = (await store.countJudged(scope)).filter(({ outcome }) => isCounted(outcome));
        const count = counted.reduce((sum, one) => sum + one.count, 0);
        expect(count).toBe(inCells[0] ?? 0);
        expect(await pageOf(scope)).toHaveLength(count);
      }),
      { numRuns: 30 },
    );
  }, 120_000);
}
