import { expect, test } from 'vitest';
import type { ArchiveRow, PaneRow } from '#contracts/log/rows.ts';
import { HOUR, SECOND } from '#contracts/text/duration.ts';
import type { Store } from './store.ts';
import { sampleEvent, sampleMetric, T0 } from './testing/store-samples.ts';

const metric = sampleMetric({ id: 'rise', aggregate: { name: 'increase', field: 'x', args: [] } });

/** A sample of a counter, seconds after the first. */
const sample = (part: number, offset: number, [at, x]: [number, unknown], over: Partial<ArchiveRow> = {}) =>
  sampleEvent({ part, offset, ts: T0 + at * SECOND, key: 'k', ...over }, { x });

const rises = (rows: readonly PaneRow[]): [number, number][] =>
  rows.toSorted((a, b) => a.pane - b.pane).map(({ pane, state }) => [(pane - T0) / SECOND, state.nums[0]!]);

/** What every Store does for aggregates of sequences. */
export function storeSequencesConformance(storeOf: () => Store): void {
  const scope = (partition: number, from: number, before: number) => ({
    metric,
    version: 1,
    partition,
    from,
    before,
    groups: 9,
  });

  test('a sequence is sorted, of one key, and begins again where a counter does', async () => {
    const store = storeOf();
    await store.insertEvents([
      sample(171, 0, [0, 100]),
      sample(171, 1, [2, 5]),
      sample(171, 2, [1, 120]),
      sample(171, 3, [3, 15]),
      sample(171, 4, [3, 7], { key: 'other' }),
      sample(171, 5, [2, 50], { key: null }),
      sample(171, 6, [2, -1]),
      sample(171, 7, [2, 'NaN']),
      sample(171, 8, [2, 70], { imported: true }),
      sample(171, 9, [2, 70], { watermark: T0 + HOUR }),
      sample(171, 10, [3 + 3_601, 99]),
    ]);
    expect(rises(await store.runSqlFold(scope(171, 0, 99)))).toEqual([
      [0, 0],
      [1, 20],
      [2, 5],
      [3, 10],
      [3_604, 0],
    ]);
  });

  test('what comes after an offset is the difference to what is before it', async () => {
    const store = storeOf();
    await store.insertEvents([
      sample(172, 0, [0, 10]),
      sample(172, 1, [20, 30]),
      sample(172, 2, [10, 15]),
      sample(172, 3, [21, 33]),
    ]);
    expect(rises(await store.runSqlFold(scope(172, 0, 2)))).toEqual([
      [0, 0],
      [20, 20],
    ]);
    expect(rises(await store.runSqlFold(scope(172, 2, 4)))).toEqual([
      [10, 5],
      [20, -5],
      [21, 3],
    ]);
  });

  test('a value of a gauge holds in the panes ahead of it, and the next sample takes its part back', async () => {
    const store = storeOf();
    const aggregate = { name: 'time_weighted', field: 'x', args: [], spans: [3 * SECOND] };
    const gauge = { ...metric, id: 'gauge', aggregate };
    await store.insertEvents([
      sample(176, 0, [0, 10]),
      sample(176, 1, [1.5, 4]),
      sample(176, 2, [1, 2 ** 900]),
      sample(176, 3, [1, 7], { key: null }),
      sample(176, 4, [9, -3]),
    ]);
    const held = async (from: number, before: number) =>
      (await store.runSqlFold({ ...scope(176, from, before), metric: gauge }))
        .toSorted((a, b) => a.pane - b.pane)
        .map(({ pane, state }) => [(pane - T0) / SECOND, ...state.nums, ...state.counts]);
    expect(await held(0, 4)).toEqual([
      [0, 10_000, 1_000],
      [1, 7_000, 1_000],
      [2, 4_000, 1_000],
      [3, 4_000, 1_000],
      [4, 2_000, 500],
    ]);
    expect(await held(1, 5)).toEqual([
      [1, -3_000, 0],
      [2, -6_000, 0],
      [3, 4_000, 1_000],
      [4, 2_000, 500],
      [9, -3_000, 1_000],
      [10, -3_000, 1_000],
      [11, -3_000, 1_000],
    ]);
  });

  test('a group has a place from the event on that a contribution is due to', async () => {
    const store = storeOf();
    const of = (offset: number, at: number, d: string, key: string) =>
      sampleEvent({ part: 173, offset, ts: T0 + at * SECOND, key }, { x: 10 * offset, d });
    await store.insertEvents([
      of(0, 0, 'a', 'k'),
      of(1, 9, 'a', 'k'),
      of(2, 9, 'b', 'l'),
      of(3, 5, 'a', 'k'),
      of(4, 9, 'c', 'm'),
    ]);
    const grouped = { ...metric, groupBy: ['d'] };
    const found = await store.runSqlFold({ ...scope(173, 2, 5), metric: grouped, groups: 2 });
    expect(found.map(({ pane, group }) => `${(pane - T0) / SECOND} ${group}`).sort()).toEqual([
      '5 a',
      '9 __other__',
      '9 a',
      '9 b',
    ]);
  });

  test('points to go on from: all that are open and the last before, of events that count', async () => {
    const store = storeOf();
    await store.insertEvents([
      sample(174, 0, [0, 1]),
      sample(174, 1, [7, 3]),
      sample(174, 2, [5, 2]),
      sample(174, 3, [4, 8], { key: "l'" }),
      sample(174, 4, [9, 4]),
      sample(174, 5, [6, 9], { imported: true }),
    ]);
    const wanted = { metric, partition: 174, before: 4, from: T0 - HOUR, after: null };
    const open = T0 + 7 * SECOND;
    const points = await store.readPoints({ ...wanted, open, limit: 10 });
    expect(points).toEqual([
      { group: [], key: 'k', ts: T0 + 7_000, offset: 1, index: 0, value: 3 },
      { group: [], key: 'k', ts: T0 + 5_000, offset: 2, index: 0, value: 2 },
      { group: [], key: "l'", ts: T0 + 4_000, offset: 3, index: 0, value: 8 },
    ]);
    expect(await store.readPoints({ ...wanted, open, limit: 2 })).toEqual(points.slice(0, 2));
    const { offset, index } = points[1]!;
    expect(await store.readPoints({ ...wanted, open, limit: 2, after: { offset, index } })).toEqual(
      points.slice(2),
    );
    const of = { ...metric, aggregate: { name: 'sum', field: 'x', args: [] } };
    expect(await store.readPoints({ ...wanted, metric: of, open, limit: 10 })).toEqual([]);
  });

  test('a back-fill writes them, and added events are no part of them', async () => {
    const store = storeOf();
    await store.insertEvents([
      sample(175, 0, [0, 1]),
      sample(175, 1, [1, 4]),
      sample(175, 2, [2, 9], { imported: true }),
    ]);
    const of = { metric: { ...metric, id: 'filled' }, version: 1, groups: 9 };
    await store.backfill({ ...of, partitions: [{ partition: 175, before: 2 }] });
    const bounds = { from: 0, before: 3 };
    await store.fillAdded({ ...of, partitions: [{ partition: 175, imports: bounds, late: bounds }] });
    const rows = await store.readPanes({ metric: 'filled', version: 1, from: 0, to: T0 * 2 });
    expect(rows.map(({ part }) => part)).toEqual(['~175', '~175']);
    expect(rises(rows)).toEqual([
      [0, 0],
      [1, 3],
    ]);
  });
}
