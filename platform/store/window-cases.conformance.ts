import { expect, test } from 'vitest';
import type { StoreWindows } from '#contracts/view/windows.ts';
import type { Store, WindowRange } from './store.ts';
import { sampleEvent, sampleMetric, samplePane, T0 } from './testing/store-samples.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Windows and what of a count falls into them, in cases that can be read. */
export function storeWindowCasesConformance(storeOf: () => Store): void {
  let made = 0;
  /** Puts one count of 1 into each pane, and returns a read of windows as [start, count]. */
  const countsAt = async (panes: readonly number[]) => {
    const store = storeOf();
    const metric = sampleMetric({ id: `cases.${made++}` });
    await store.insertPanes(panes.map((pane) => samplePane({ metric: metric.id, pane, group: [] })));
    return async (
      windows: StoreWindows,
      over: Partial<Pick<WindowRange, 'from' | 'to' | 'starts'>> = {},
    ): Promise<[number, number][]> => {
      const view = { windows, groupBy: [], where: [] };
      const range = { metric, version: 1, from: 0, to: T0 * 2, view, form: 'state' as const, ...over };
      const rows = await store.readWindows(range);
      return rows.map(({ window, state }) => [window, state.counts[0]!]);
    };
  };

  test('of 60 minutes every 40 share what is in two of them', async () => {
    const read = await countsAt([T0 + 50 * MINUTE, T0 + 65 * MINUTE]);
    const windows = { kind: 'grid', size: 60 * MINUTE, every: 40 * MINUTE, origin: T0 } as const;
    expect(await read(windows)).toEqual([
      [T0, 1],
      [T0 + 40 * MINUTE, 2],
    ]);
  });

  test('are read on behind those of which only other groups are known', async () => {
    const store = storeOf();
    const metric = sampleMetric({ id: `cases.${made++}`, groupBy: ['country'] });
    const rows = [['DE'], ['__other__']].map((group) => samplePane({ metric: metric.id, group }));
    await store.insertPanes(rows);
    const windows = { kind: 'grid', size: MINUTE, every: MINUTE, origin: 0 } as const;
    const view = { windows, groupBy: [], where: [{ path: 'country', op: 'in' as const, values: ['DE'] }] };
    const range = { metric, version: 1, from: 0, to: T0 * 2, view, form: 'state', limit: 1 } as const;
    const [first] = await store.readWindows(range);
    const next = await store.readWindows({ ...range, after: first! });
    expect([first, ...next].map((row) => [row!.group, row!.other])).toEqual([
      [null, true],
      [[], false],
    ]);
  });

  test('with gaps leave out what is between them', async () => {
    const read = await countsAt([0, 9, 10, 39, 40, 49].map((n) => T0 + n * MINUTE));
    const windows = { kind: 'grid', size: 10 * MINUTE, every: 40 * MINUTE, origin: T0 } as const;
    expect(await read(windows)).toEqual([
      [T0, 2],
      [T0 + 40 * MINUTE, 2],
    ]);
  });

  test('before the origin and before 1970 are as those after it', async () => {
    const read = await countsAt([-50 * MINUTE, -1 * MINUTE, 0]);
    const from = -HOUR;
    const overlapping = { kind: 'grid', size: HOUR, every: 30 * MINUTE, origin: 10 * MINUTE } as const;
    expect(await read(overlapping, { from })).toEqual([
      [-80 * MINUTE, 1],
      [-50 * MINUTE, 3],
      [-20 * MINUTE, 2],
    ]);
    expect(await read({ ...overlapping, every: HOUR }, { from })).toEqual([[-50 * MINUTE, 3]]);
  });

  test('that overlap hundreds of times count each pane in each, and only those asked for are given', async () => {
    const panes = Array.from({ length: 600 }, (_, i) => T0 + i * 1_000);
    const read = await countsAt(panes);
    const windows = { kind: 'grid', size: 300_000, every: 1_000, origin: 0 } as const;
    const all = await read(windows);
    expect(all).toEqual(
      Array.from({ length: 899 }, (_, i) => [T0 + (i - 299) * 1_000, Math.min(i + 1, 300, 899 - i)]),
    );
    const starts = { from: T0 + 7_000, to: T0 + 9_000 };
    expect(await read(windows, { starts })).toEqual(
      all.filter(([at]) => at >= starts.from && at < starts.to),
    );
  });

  test('that are longer than the range hold what is in the range', async () => {
    const read = await countsAt([0, 1, 2, 3].map((n) => T0 + n * MINUTE));
    const range = { from: T0 + MINUTE, to: T0 + 3 * MINUTE };
    const long = { kind: 'grid', size: 24 * HOUR, every: 24 * HOUR, origin: T0 } as const;
    expect(await read(long, range)).toEqual([[T0, 2]]);
    expect(await read({ kind: 'list', bounds: [0, T0 * 2] }, range)).toEqual([[0, 2]]);
  });

  test('of a day follow a zone through its changes: one of 23 hours, one of 25', async () => {
    const spring = [28, 29, 30].map((day) => Date.UTC(2026, 2, day - 1, day > 29 ? 22 : 23));
    const autumn = [24, 25, 26].map((day) => Date.UTC(2026, 9, day - 1, day > 25 ? 23 : 22));
    for (const [bounds, hours] of [
      [spring, [24, 23]],
      [autumn, [24, 25]],
    ] as const) {
      const first = bounds[0]! - 5 * HOUR;
      const read = await countsAt(Array.from({ length: 60 }, (_, hour) => first + hour * HOUR));
      const found = await read({ kind: 'list', bounds });
      expect(found).toEqual(hours.map((n, i) => [bounds[i], n]));
    }
  });

  test('of hundreds of bounds are found, each with its own', async () => {
    const bounds = Array.from({ length: 801 }, (_, i) => T0 + i * i * 1_000);
    const read = await countsAt(bounds.flatMap((bound, i) => (i % 2 === 0 ? [bound] : [bound - 1, bound])));
    const found = await read({ kind: 'list', bounds });
    expect(found).toEqual(bounds.slice(0, -1).map((bound, i) => [bound, i % 2 === 0 ? 2 : 1]));
  });

  test('are none without bounds, without panes, and outside of the range', async () => {
    const read = await countsAt([T0]);
    for (const bounds of [[], [T0], [T0 + 1, T0 + 9], [T0 - 9, T0]])
      expect(await read({ kind: 'list', bounds })).toEqual([]);
    const windows = { kind: 'grid', size: 1_000, every: 1_000, origin: 0 } as const;
    expect(await read(windows)).toEqual([[T0, 1]]);
    for (const over of [{ to: T0 }, { from: T0 + 1 }, { from: 9, to: 5 }, { starts: { from: T0, to: T0 } }])
      expect(await read(windows, over)).toEqual([]);
    expect(await (await countsAt([]))(windows)).toEqual([]);
  });

  test('history begins with the first pane of a version, and with the earliest event', async () => {
    const store = storeOf();
    expect(await store.readBegin('beginning', 1)).toBe(null);
    const panes = [5, 3, 9].map((n) => ({ pane: T0 + n * 24 * HOUR, group: [`${9 - n}`], part: `~${n}` }));
    await store.insertPanes(panes.map((over) => samplePane({ ...over, metric: 'beginning', version: 2 })));
    await store.insertPanes([samplePane({ metric: 'beginning', version: 3, pane: T0 })]);
    expect(await store.readBegin('beginning', 2)).toBe(T0 + 3 * 24 * HOUR);
    expect(await store.readBegin('beginning', 1)).toBe(null);
    await store.expire({
      panes: [{ metric: 'beginning', version: 2, tier: 'pane', before: T0 + 4 * 24 * HOUR, parts: null }],
      gone: [],
      eventsBefore: 0,
    });
    expect(await store.readBegin('beginning', 2)).toBe(T0 + 5 * 24 * HOUR);
    await store.insertEvents([
      sampleEvent({ part: 26, offset: 0, ts: 5, received: 9 }),
      sampleEvent({ part: 26, offset: 1, ts: -3, received: 20 }),
    ]);
    expect(await store.readArchiveBegin()).toBe(-3);
    await store.expire({ panes: [], gone: [], eventsBefore: 21 });
    expect(await store.readArchiveBegin()).not.toBe(-3);
  });
}
