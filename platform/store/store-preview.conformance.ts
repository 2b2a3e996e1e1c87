import { expect, test } from 'vitest';
import type { ArchiveRow, PaneRow } from '#contracts/log/rows.ts';
import { addedPart, backfillPart } from '#contracts/log/rows.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import type { BackfillScope, Store, WindowRange } from './store.ts';
import { byText, sampleEvent, sampleMetric, samplePane, T0 } from './testing/store-samples.ts';

const DAY = 86_400_000;
/** The partitions of these tests. */
const [SAME, TALLIED, EARLIER, SAMPLED, SURVEYED, UNITED, ARRIVED] = [70, 71, 72, 73, 74, 75, 76] as const;

const scopeOf = (partition: number, over: Partial<BackfillScope> = {}): BackfillScope => ({
  metric: sampleMetric({ id: `preview_${partition}`, groupBy: ['country'] }),
  version: 3,
  partitions: [{ partition, before: 1_000 }],
  groups: 2,
  ...over,
});

/** Late ones, imported ones, values of the wrong type, and more groups than have a place. */
function events(part: number): ArchiveRow[] {
  const countries = ['DE', 'FR', 'IT', 'DE', 'ES', null, ['AT'], 'DE', 'PT', 'DE'];
  return countries.flatMap((country, i) => [
    sampleEvent({ part, offset: i, ts: T0 + i * 700 }, { country, amount: i === 3 ? 'much' : i }),
    sampleEvent({ part, offset: 20 + i, ts: T0 + i * 700, imported: true }, { country, amount: 2 * i }),
    sampleEvent({ part, offset: 40 + i, ts: T0 + i, watermark: T0 + 120_000 }, { country, amount: i }),
  ]);
}

const sum = (over: Partial<Metric> = {}): Metric =>
  sampleMetric({
    id: 'preview_sum',
    groupBy: ['country'],
    aggregate: { name: 'sum', field: 'amount', args: [] },
    ...over,
  });

const windowsOf = (metric: Metric, over: Partial<WindowRange> = {}): WindowRange => ({
  metric,
  version: 3,
  from: T0,
  to: T0 + 10_000,
  view: { groupBy: ['country'], where: [], windows: { kind: 'grid', size: 5_000, every: 5_000, origin: 0 } },
  form: 'state',
  ...over,
});

/** The part of the Store's contract about what was never saved, and about samples. */
export function storePreviewConformance(storeOf: () => Store): void {
  test('previews the windows that saving gives: imported events, caps, no late ones, each position once', async () => {
    const store = storeOf();
    const rows = events(SAME);
    await store.insertEvents(rows);
    await store.insertEvents(rows.slice(0, 9));
    const metric = sum();
    const scope = scopeOf(SAME, { metric });
    const preview = store.preview(scope);
    const previewed = await preview.readWindows(windowsOf(metric));
    const panes = await preview.readPanes({ metric: metric.id, version: 3, from: T0, to: T0 + 10_000 });
    const size = await preview.measure(T0, T0 + 10_000);
    await store.backfill(scope);
    const all = { from: 0, before: 1_000 };
    const caps = { groups: 2 };
    await store.fillAdded({
      ...scope,
      partitions: [{ partition: SAME, imports: all, late: { from: 0, before: 0 } }],
      ...caps,
    });
    expect(previewed.length).toBeGreaterThan(3);
    expect(await store.readWindows(windowsOf(metric))).toEqual(previewed);
    const parts = new Set(panes.map(({ part }) => part));
    expect(parts).toEqual(new Set([backfillPart(SAME)]));
    expect(parts.has(addedPart(SAME))).toBe(false);
    expect(size).toMatchObject({ rows: panes.length, first: panes[0]!.pane });
    expect(size.numbers).toBe(
      panes.reduce((n, { state: s }) => n + s.nums.length + s.keys.length + s.counts.length, 0),
    );
  });

  test('previews pages of panes and windows, and only what is below the bound of the partition', async () => {
    const store = storeOf();
    const metric = sum({ where: [{ op: 'in', path: 'country', values: ['DE', 'FR'] }] });
    const preview = store.preview(scopeOf(SAME, { metric, partitions: [{ partition: SAME, before: 8 }] }));
    const range = { metric: metric.id, version: 3, from: T0, to: T0 + 10_000 };
    const whole = await preview.readPanes(range);
    const paged: PaneRow[] = [];
    for (let after: PaneRow | undefined; ; after = paged.at(-1)) {
      const page = await preview.readPanes({ ...range, limit: 1, ...(after === undefined ? {} : { after }) });
      if (page.length === 0) break;
      paged.push(...page);
    }
    expect(paged).toEqual(whole);
    expect(whole.map(({ pane, group }) => [(pane - T0) / 1_000, ...group])).toEqual([
      [0, 'DE'],
      [0, 'FR'],
      [4, 'DE'],
    ]);
    const view = {
      ...windowsOf(metric).view,
      where: [{ op: 'in' as const, path: 'country', values: ['DE'] }],
    };
    const filtered = await preview.readWindows(windowsOf(metric, { view, limit: 5 }));
    expect(filtered.map(({ window, group }) => [(window - T0) / 1_000, group])).toEqual([[0, ['DE']]]);
  });

  test('says where events of the names have come since a position, and only below the bound', async () => {
    const store = storeOf();
    const at = (offset: number, time: number, over: object = {}) =>
      sampleEvent({ part: ARRIVED, offset, ts: T0 + time, ...over }, {});
    const rows = [
      at(1, 500),
      at(5, 900),
      at(6, 61_000),
      at(7, 400, { imported: true }),
      at(8, 2_000, { event: 'x' }),
      at(9, 5_000),
    ];
    await store.insertEvents(rows);
    await store.insertEvents(rows.slice(1, 3));
    const bounds = [{ partition: ARRIVED, before: 9 }];
    const preview = store.preview(scopeOf(ARRIVED, { partitions: bounds }));
    const since = { step: 1_000, from: T0, to: T0 + 120_000, limit: 10 };
    const after = [{ partition: ARRIVED, before: 5 }];
    expect(await preview.readArrivals({ ...since, after })).toEqual([T0, T0 + 61_000]);
    expect(await preview.readArrivals({ ...since, after, limit: 1 })).toEqual([T0]);
    expect(await preview.readArrivals({ ...since, after, from: T0 + 1_000 })).toEqual([T0 + 61_000]);
    expect(await preview.readArrivals({ ...since, after: bounds })).toEqual([]);
    // A partition that the earlier position did not know.
    expect(await preview.readArrivals({ ...since, after: [], step: 60_000 })).toEqual([T0, T0 + 60_000]);
  });

  test('says why events of a range are not counted, by the first property at fault', async () => {
    const store = storeOf();
    await store.insertEvents(events(TALLIED));
    const preview = store.preview(scopeOf(TALLIED, { metric: sum() }));
    const { tally } = await preview.survey({ from: T0, to: T0 + 10_000, unit: 1_000 });
    expect({ ...tally, misfits: byText(tally.misfits) }).toEqual({
      matched: 30,
      counted: 17,
      imported: 9,
      late: 10,
      misfits: byText([
        { field: 'country', expected: 'text, number, boolean or null', found: 'array', events: 2 },
        { field: 'amount', expected: 'number', found: 'text', events: 1 },
      ]),
    });
    expect(await preview.countNamed(T0, T0 + 1_000)).toBeGreaterThanOrEqual(14);
    const absent = await store
      .preview(scopeOf(TALLIED, { metric: sum({ aggregate: { name: 'sum', field: 'price', args: [] } }) }))
      .survey({ from: T0, to: T0 + 1_000, unit: 1_000 });
    expect(absent.tally).toMatchObject({
      counted: 0,
      misfits: [{ field: 'price', found: 'null', events: 4 }],
    });
    const other = await store
      .preview(scopeOf(TALLIED, { metric: sum({ events: ['other'] }) }))
      .survey({ from: T0, to: T0 + DAY, unit: 1_000 });
    expect(other.tally).toEqual({ matched: 0, counted: 0, imported: 0, late: 0, misfits: [] });
  });

  test('says how many groups and panes a range has before it is folded', async () => {
    const store = storeOf();
    const metric = sum();
    const rows = events(SURVEYED);
    await store.insertEvents(rows);
    await store.insertEvents(rows.slice(3, 5));
    const preview = store.preview(scopeOf(SURVEYED, { metric, groups: 100 }));
    const { rows: folded, groups } = await preview.measure(T0, T0 + 10_000);
    const survey = await preview.survey({ from: T0, to: T0 + 10_000, unit: 10_000 });
    expect(survey).toMatchObject({ crowd: 6, first: T0 });
    expect(survey.groups.length).toBe(groups);
    // Imported events and others may be of one pane and group.
    expect(survey.rows).toBeGreaterThanOrEqual(folded);
    const fine = await preview.survey({ from: T0, to: T0 + 10_000, unit: 1_000 });
    expect({ ...fine, groups: fine.groups.sort() }).toEqual({
      ...survey,
      crowd: 2,
      groups: survey.groups.sort(),
    });
    const half = await preview.survey({ from: T0 + 5_000, to: T0 + 10_000, unit: 10_000 });
    expect(survey.groups).toEqual(expect.arrayContaining(half.groups));
  });

  test('folds panes of a unit as one where all groups have a place', async () => {
    const store = storeOf();
    const metric = sum();
    await store.insertEvents(events(UNITED));
    const preview = store.preview(scopeOf(UNITED, { metric, groups: 100 }));
    const size = { kind: 'grid' as const, size: 4_000, every: 2_000, origin: 0 };
    for (const windows of [
      windowsOf(metric).view.windows,
      size,
      { kind: 'list' as const, bounds: [T0, T0 + 10_000] },
    ]) {
      const range = windowsOf(metric, { view: { ...windowsOf(metric).view, windows }, to: T0 + 7_000 });
      const own = await preview.readWindows(range);
      expect(own.length).toBeGreaterThan(2);
      expect(
        await preview.readWindows({ ...range, unit: 1_000 * (windows.kind === 'list' ? 10 : 1) }),
      ).toEqual(own);
    }
  });

  test('says whether something was counted before a time', async () => {
    const store = storeOf();
    await store.insertEvents([sampleEvent({ part: EARLIER, offset: 0, ts: T0 + 5_500 }, { country: 'DE' })]);
    const preview = store.preview(scopeOf(EARLIER));
    expect(await preview.hasBefore(T0 + 5_000)).toBe(false);
    expect(await preview.hasBefore(T0 + 6_000)).toBe(true);
    const empty = await preview.measure(T0, T0 + 5_000);
    expect(empty).toEqual({ rows: 0, groups: 0, largest: 0, numbers: 0, first: null });
  });

  test('knows the first and the last pane of each group', async () => {
    const store = storeOf();
    const metric = 'preview_names';
    const row = (group: string, pane: number) => samplePane({ metric, group: [group], pane });
    await store.insertPanes([row('a', T0), row('b', T0 + 1_000), row('a', T0 + DAY), row('c', T0)]);
    expect(await store.readSpans({ metric, version: 1, limit: 2 })).toEqual([
      { group: ['a'], first: T0, last: T0 + DAY },
      { group: ['b'], first: T0 + 1_000, last: T0 + 1_000 },
    ]);
  });

  test('samples the newest events of each name, and counts those among which it does', async () => {
    const store = storeOf();
    // Newer than all other events here.
    const T1 = T0 + 900 * DAY;
    const list = Array.from({ length: 12 }, (_, i) =>
      sampleEvent(
        {
          part: SAMPLED,
          offset: i,
          ts: T1 + i,
          received: T1 + i,
          event: i % 4 === 3 ? 'sampled rare' : 'sampled often',
        },
        { n: i, 'a.b': "it's" },
      ),
    );
    await store.insertEvents(list);
    const all = await store.readSample({ event: null, rows: 8, perName: 2, limit: 10 });
    expect(all.from).toBe(T1 + 4);
    expect(all.names).toEqual([
      { event: 'sampled often', events: 6 },
      { event: 'sampled rare', events: 2 },
    ]);
    expect(all.events.map(({ event, ts }) => [event, ts - T1])).toEqual([
      ['sampled rare', 11],
      ['sampled often', 10],
      ['sampled often', 9],
      ['sampled rare', 7],
    ]);
    expect(JSON.parse(all.events[0]!.properties)).toEqual({ n: 11, 'a.b': "it's" });
    const one = await store.readSample({ event: 'sampled rare', rows: 100, perName: 5, limit: 2 });
    expect(one.events.map(({ ts }) => ts - T1)).toEqual([11, 7]);
    expect(one.names).toEqual([{ event: 'sampled rare', events: 3 }]);
  });
}
