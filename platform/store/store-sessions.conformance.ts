import { expect, test } from 'vitest';
import type { ArchiveRow, PaneRow } from '#contracts/log/rows.ts';
import { HOUR, MINUTE, SECOND } from '#contracts/text/duration.ts';
import type { Store } from './store.ts';
import { sampleEvent, sampleMetric, T0 } from './testing/store-samples.ts';

/** The start of an hour, so that times of the tests are those of the clock. */
const BEGIN = Math.ceil(T0 / HOUR) * HOUR;

const visits = (gap: number, longest: number, groupBy: string[] = []) =>
  sampleMetric({
    id: 'visits',
    aggregate: { name: 'sessions', field: null, args: [], spans: [gap, longest] },
    groupBy,
  });

/** An event of a visitor, seconds after that. */
const visit = (part: number, offset: number, at: number, over: Partial<ArchiveRow> = {}) =>
  sampleEvent({ part, offset, ts: BEGIN + at * SECOND, key: 'k', ...over });

/** Sessions, their ms, their events, and those of one event, by the second of the pane. */
const sums = (rows: readonly PaneRow[]): [number, number[]][] =>
  rows.toSorted((a, b) => a.pane - b.pane).map(({ pane, state }) => [(pane - BEGIN) / SECOND, state.nums]);

/** What every Store does for sessions. */
export function storeSessionsConformance(storeOf: () => Store): void {
  const fold = (
    store: Store,
    partition: number,
    [from, before]: [number, number],
    metric = visits(30 * SECOND, HOUR),
  ) => store.runSqlFold({ metric, version: 1, partition, from, before, groups: 2 });

  test('a session is in the pane of its start, of one key, and is cut by the gap and at multiples of the longest', async () => {
    const store = storeOf();
    await store.insertEvents([
      visit(181, 0, 20),
      visit(181, 1, 0),
      visit(181, 2, 50),
      visit(181, 3, 81),
      visit(181, 4, 50, { key: 'other' }),
      visit(181, 5, 60, { key: null }),
      visit(181, 6, 60, { imported: true }),
      visit(181, 7, 60, { watermark: BEGIN + HOUR }),
      visit(181, 8, 3_599),
      visit(181, 9, 3_600),
    ]);
    expect(sums(await fold(store, 181, [0, 99]))).toEqual([
      [0, [1, 50_000, 3, 0]],
      [20, [0, 0, 0, 0]],
      [50, [1, 0, 1, 1]],
      [81, [1, 0, 1, 1]],
      [3_599, [1, 0, 1, 1]],
      [3_600, [1, 0, 1, 1]],
    ]);
  });

  test('what comes after an offset is the difference to what is before it', async () => {
    const store = storeOf();
    await store.insertEvents([
      visit(182, 0, 0),
      visit(182, 1, 20),
      visit(182, 2, 60),
      visit(182, 3, 70),
      visit(182, 4, 200),
      visit(182, 5, 45),
    ]);
    expect(sums(await fold(store, 182, [0, 5]))).toEqual([
      [0, [1, 20_000, 2, 0]],
      [20, [0, 0, 0, 0]],
      [60, [1, 10_000, 2, 0]],
      [70, [0, 0, 0, 0]],
      [200, [1, 0, 1, 1]],
    ]);
    // What it does not touch is left out.
    expect(sums(await fold(store, 182, [5, 6]))).toEqual([
      [0, [0, 50_000, 3, 0]],
      [45, [0, 0, 0, 0]],
      [60, [-1, -10_000, -2, 0]],
    ]);
  });

  test('a group has a place from the first event on that comes to its session', async () => {
    const store = storeOf();
    const of = (offset: number, at: number, d: string) =>
      sampleEvent({ part: 183, offset, ts: BEGIN + at * SECOND, key: 'k' }, { d });
    // The session of c is at first out of reach of the event at 80, and joined by that at 55.
    await store.insertEvents([
      of(0, 30, 'c'),
      of(1, 80, 'c'),
      of(2, 30, 'a'),
      of(3, 30, 'b'),
      of(4, 55, 'c'),
    ]);
    const found = await fold(store, 183, [1, 5], visits(30 * SECOND, HOUR, ['d']));
    expect(found.map(({ pane, group }) => `${(pane - BEGIN) / SECOND} ${group}`).sort()).toEqual([
      '30 __other__',
      '30 a',
      '30 b',
      '55 c',
      '80 c',
    ]);
  });

  test('sessions to go on from: those that an event can still join, and those of its hour, hour by hour', async () => {
    const store = storeOf();
    await store.insertEvents([
      visit(184, 0, -3_500),
      visit(184, 1, -600),
      visit(184, 2, 1_100),
      visit(184, 3, -4_000, { key: 'over' }),
      visit(184, 4, 30, { key: "here'" }),
      visit(184, 5, 20, { key: "here'" }),
      visit(184, 6, 9_000, { imported: true }),
    ]);
    const metric = visits(29 * MINUTE + SECOND * 40, 24 * HOUR);
    const wanted = { metric, partition: 184, before: 6, from: BEGIN - 24 * HOUR, after: null };
    const open = BEGIN + 40 * MINUTE;
    const runs = await store.readPoints({ ...wanted, open, limit: 10 });
    expect(
      runs.map(({ key, ts, end, value }) => [key, (ts - BEGIN) / SECOND, (end! - BEGIN) / SECOND, value]),
    ).toEqual([
      ['k', -600, -600, 1],
      ['k', 1_100, 1_100, 1],
      ["here'", 20, 30, 2],
    ]);
    expect(await store.readPoints({ ...wanted, open, limit: 2 })).toEqual(runs.slice(0, 2));
    const { offset, index } = runs[1]!;
    expect(await store.readPoints({ ...wanted, open, limit: 2, after: { offset, index } })).toEqual(
      runs.slice(2),
    );
  });
}
