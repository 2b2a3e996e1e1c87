import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storeSqlFoldConformance } from './sql-fold.conformance.ts';
import type { Store } from './store.ts';
import { storeEventsConformance } from './store-events.conformance.ts';
import { storeGroupsConformance } from './store-groups.conformance.ts';
import { storeJudgedConformance } from './store-judged.conformance.ts';
import { storePreviewConformance } from './store-preview.conformance.ts';
import { storeTiersConformance } from './store-tiers.conformance.ts';
import { storeWindowsConformance } from './store-windows.conformance.ts';
import { byText, sampleCommit, sampleEvent, sampleMetric, samplePane, T0 } from './testing/store-samples.ts';

const ODD_TEXTS = [
  '',
  "it's",
  '"quoted"',
  'a\n\nDROP TABLE x',
  '\\',
  "\\'",
  '日本',
  '😀',
  '{from:Int64}',
  '\t\0',
  '__other__',
];

/**
 * The Store's contract (`store.ts`), for every adapter. One Store serves all tests, since an engine takes a while to start:
 * each test has partitions and metrics of its own.
 */
export function storeConformance(open: () => Promise<{ store: Store; end(): Promise<void> }>): void {
  let opened: Awaited<ReturnType<typeof open>>;
  let store: Store;
  beforeAll(async () => {
    opened = await open();
    store = opened.store;
    await store.migrate();
  });
  afterAll(async () => opened?.end());

  test('is empty after the first migration, and migrates again without a change', async () => {
    expect(await store.countEvents()).toBe(0);
    expect(await store.readArchiveBegin()).toBe(null);
    expect(await store.readCommits()).toEqual([]);
    await store.insertCommits([sampleCommit(0, 1)]);
    await store.migrate();
    expect(await store.readCommits()).toEqual([sampleCommit(0, 1)]);
  });

  // Second, because it needs a Store without events of other tests.
  test('says whether there are events whose ids do not begin with the prefix', async () => {
    expect(await store.hasEventsBeside("it's_")).toBe(false);
    await store.insertEvents([sampleEvent({ part: 24, offset: 0, id: "it's_1" })]);
    expect(await store.hasEventsBeside("it's_")).toBe(false);
    expect(await store.hasEventsBeside("it's%")).toBe(true);
    await store.insertEvents([sampleEvent({ part: 24, offset: 1, id: null })]);
    expect(await store.hasEventsBeside("it's_")).toBe(true);
  });

  test('of the uses of a key the latest holds', async () => {
    expect(await store.readKeyUses()).toEqual([]);
    await store.insertKeyUses([
      { key: 'b', used: 1_700_000_000_005 },
      { key: 'a', used: 1_700_000_000_000 },
    ]);
    await store.insertKeyUses([]);
    await store.insertKeyUses([
      { key: 'a', used: 1_700_000_000_009 },
      { key: 'b', used: 1_700_000_000_001 },
    ]);
    expect(await store.readKeyUses()).toEqual([
      { key: 'a', used: 1_700_000_000_009 },
      { key: 'b', used: 1_700_000_000_005 },
    ]);
  });

  describe('panes', () => {
    test('come back as they went in, whatever the texts and numbers', async () => {
      const nums = [0.1 + 0.2, -1e-7, 5e-324, 1.7976931348623157e308, 2 ** 53 - 1, 123456789.12345679];
      const list = ODD_TEXTS.map((text, i) =>
        samplePane({
          metric: `odd.${text}`,
          group: [text, `x${text}`],
          state: { nums, keys: [0, i, 2 ** 32 - 1], counts: [0, i, 2 ** 53] },
        }),
      );
      await store.insertPanes(list);
      for (const row of list) {
        expect(await store.readPanes({ metric: row.metric, version: 1, from: T0, to: T0 + 1 })).toEqual([
          row,
        ]);
      }
    });

    test('of equal identity the highest next holds, in any order and repetition', async () => {
      const rows = [3, 9, 5].map((next) =>
        samplePane({ metric: 'replaced', next, state: { nums: [], keys: [], counts: [next] } }),
      );
      for (const row of rows) await store.insertPanes([row]);
      await store.insertPanes(rows);
      expect(await store.readPartitionPanes('0', 'replaced', 1, 0)).toEqual([rows[1]]);
    });

    test('are told apart by metric, version, pane, group and part', async () => {
      const base = samplePane({ metric: 'identity', group: ['a', 'b'] });
      const list = [
        base,
        { ...base, version: 2 },
        { ...base, pane: T0 + 1_000 },
        { ...base, group: ['a,b'] },
        { ...base, group: ['b', 'a'] },
        { ...base, group: [] },
        { ...base, part: '~0' },
        { ...base, part: '10' },
      ];
      await store.insertPanes(list);
      const found = await store.readPanes({ metric: 'identity', version: 1, from: 0, to: T0 * 2 });
      expect(byText(found)).toEqual(byText(list.filter((r) => r.version === 1)));
    });

    test('a range is half open; restore reads one part from a pane on', async () => {
      const list = [-1_000, 0, 1_000, 2_000].flatMap((d) =>
        ['0', '1'].map((part) => samplePane({ metric: 'range', pane: T0 + d, part })),
      );
      await store.insertPanes(list);
      const range = await store.readPanes({ metric: 'range', version: 1, from: T0, to: T0 + 2_000 });
      expect(range.map((r) => r.pane - T0)).toEqual([0, 0, 1_000, 1_000]);
      const part = await store.readPartitionPanes('1', 'range', 1, T0 + 1_000);
      expect(part).toEqual(list.filter((r) => r.part === '1' && r.pane >= T0 + 1_000));
    });

    test('spread over hundreds of days go in at once', async () => {
      const list = Array.from({ length: 150 }, (_, day) =>
        samplePane({ metric: 'spread', pane: T0 - day * 86_400_000 }),
      );
      await store.insertPanes(list);
      const found = await store.readPanes({ metric: 'spread', version: 1, from: 0, to: T0 + 1 });
      expect(byText(found)).toEqual(byText(list));
    });

    test('nothing is a valid insert', async () => {
      await store.insertPanes([]);
      await store.insertEvents([]);
      await store.insertCommits([]);
    });
  });

  storeWindowsConformance(() => store);

  test('of commits the highest next holds, one a partition', async () => {
    await store.insertCommits([sampleCommit(1, 7), sampleCommit(2, 5)]);
    await store.insertCommits([sampleCommit(1, 6, 'zombie'), sampleCommit(2, 8)]);
    const found = await store.readCommits();
    expect(found.filter((c) => c.part > 0)).toEqual([sampleCommit(1, 7), sampleCommit(2, 8)]);
  });

  describe('events', () => {
    test('are unique by position, and counted once', async () => {
      const before = await store.countEvents();
      const list = [0, 1].flatMap((offset) =>
        [0, 1].map((index) => sampleEvent({ part: 20, offset, index })),
      );
      await store.insertEvents(list);
      await store.insertEvents(list.slice(1));
      expect((await store.countEvents()) - before).toBe(4);
    });

    test('ids: the newest by position, below a position, after a time, oldest first', async () => {
      const list = Array.from({ length: 6 }, (_, i) =>
        sampleEvent({
          part: 21,
          offset: 10 - i,
          index: i % 2,
          ts: T0 + i,
          id: i === 3 ? null : `id ${i}'\n`,
          key: i === 4 ? null : 'k',
        }),
      );
      await store.insertEvents([...list, sampleEvent({ part: 22, id: 'elsewhere' })]);
      const read = (before: number, after: number, limit: number) =>
        store.readIds(21, before, after, limit).then((ids) => ids.map((x) => x.offset));
      expect(await read(100, 0, 100)).toEqual([5, 6, 8, 9, 10]);
      expect(await read(10, 0, 100)).toEqual([5, 6, 8, 9]);
      expect(await read(100, T0 + 1, 100)).toEqual([5, 6, 8]);
      expect(await read(100, 0, 2)).toEqual([9, 10]);
      expect((await store.readIds(21, 7, 0, 10))[1]).toEqual({
        key: null,
        id: "id 4'\n",
        offset: 6,
        index: 0,
        ts: T0 + 4,
      });
    });
  });

  test('whatever the names of properties, an event goes in and each name can be read', async () => {
    const names = [
      'a',
      'A',
      'é',
      '名前',
      'x'.repeat(200),
      'dot.ted',
      '`',
      "'",
      '%',
      '\\',
      '',
      'null',
      '__proto__',
      'a b',
    ];
    for (let i = 0; i < 1_500; i++) names.push(`random${i}`);
    const properties = JSON.parse(`{${names.map((name, i) => `${JSON.stringify(name)}:${i}`).join()}}`);
    await store.insertEvents([sampleEvent({ part: 25 }, properties)]);
    for (const [i, name] of names.entries()) {
      if (name.startsWith('random') && i % 500 !== 0) continue;
      const metric = sampleMetric({ aggregate: { name: 'sum', field: name, args: [] } });
      const [row] = await store.runSqlFold({
        metric,
        version: 1,
        partition: 25,
        from: 0,
        before: 9,
        groups: 9,
      });
      expect(row?.state.nums[0], name).toBe(i);
    }
  });

  test('expire removes panes per metric version and events by receipt, and nothing else', async () => {
    const day = 86_400_000;
    await store.insertPanes(
      [0, 1_000].flatMap((d) =>
        [1, 2].map((version) => samplePane({ metric: 'expiring', version, pane: T0 + d })),
      ),
    );
    const versions = async () =>
      (await store.readVersions())
        .filter((v) => v.metric === 'expiring')
        .map((v) => v.version)
        .sort();
    expect(await versions()).toEqual([1, 2]);
    const before = await store.countEvents();
    await store.insertEvents(
      [-3 * day, -day, -1].map((d, i) =>
        sampleEvent({ part: 23, offset: i, received: T0 + d, ts: T0 + day }),
      ),
    );
    const aged = { metric: 'expiring', version: 1, tier: 'pane', before: T0 + 1_000, parts: null } as const;
    await store.expire({ panes: [aged], gone: [], eventsBefore: T0 - 1 });
    const left = async (version: number) =>
      (await store.readPanes({ metric: 'expiring', version, from: 0, to: T0 * 2 })).map((r) => r.pane - T0);
    expect(await left(1)).toEqual([1_000]);
    expect(await left(2)).toEqual([0, 1_000]);
    expect((await store.countEvents()) - before).toBe(1);
    await store.expire({ panes: [], gone: [], eventsBefore: 0 });
    expect((await store.countEvents()) - before).toBe(1);
    await store.expire({ panes: [], gone: [{ metric: 'expiring', version: 2 }], eventsBefore: 0 });
    expect(await versions()).toEqual([1]);
  });

  describe('archived events', () => storeEventsConformance(() => store));

  describe('explained numbers', () => storeJudgedConformance(() => store));
  describe('counted groups', () => storeGroupsConformance(() => store));

  describe('SQL fold', () => storeSqlFoldConformance(() => store));

  describe('tiers', () => storeTiersConformance(() => store));

  describe('previews and samples', () => storePreviewConformance(() => store));
}
