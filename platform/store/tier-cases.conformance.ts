import { expect, test } from 'vitest';
import { HOUR, MINUTE, SECOND } from '#contracts/text/duration.ts';
import type { RollUp, Store } from './store.ts';
import { markAt, rollTo } from './testing/roll-to.ts';
import { sampleMetric, samplePane, T0 } from './testing/store-samples.ts';

/** Where rows of tiers lie, how they age, and what that says of history. */
export function storeTierCasesConformance(storeOf: () => Store): void {
  test('how the rows of a range lie, of a metric’s own panes and of a tier', async () => {
    const store = storeOf();
    const panes = [5, 3, 9].map((n) => samplePane({ metric: 'tiers.first', pane: T0 + n * SECOND }));
    await store.insertPanes([...panes, samplePane({ metric: 'tiers.first', version: 2, part: '~1' })]);
    const span = async (from: number, to: number, rows = 4, version = 1, tier: RollUp['source'] = 'pane') => {
      const range = { metric: 'tiers.first', version, from: T0 + from, to: T0 + to };
      const found = await store.readPaneSpan(range, tier, rows);
      return found === null ? null : [found.first - T0, found.last - T0, found.whole];
    };
    expect(await span(0, HOUR)).toEqual([3_000, 9_000, true]);
    expect(await span(0, HOUR, 3)).toEqual([3_000, 9_000, false]);
    expect(await span(0, HOUR, 2)).toEqual([3_000, 5_000, false]);
    expect(await span(3_001, HOUR, 1)).toEqual([5_000, 5_000, false]);
    expect(await span(5_001, 9_000)).toBeNull();
    expect(await span(0, HOUR, 2, 2)).toEqual([0, 0, true]);
    expect(await span(0, HOUR, 2, 3)).toBeNull();
    await rollTo(store, sampleMetric({ id: 'tiers.first' }), [markAt('tiers.first', 0, MINUTE, T0 + MINUTE)]);
    expect(await span(0, HOUR, 2, 1, 'minute')).toEqual([0, 0, true]);
    expect(await span(0, HOUR, 2, 1, 'hour')).toBeNull();
  });

  test('history begins as fine as it is kept', async () => {
    const store = storeOf();
    const metric = sampleMetric({ id: 'tiers.begin' });
    const first = T0 + 34 * MINUTE + 42 * SECOND;
    const panes = [first, first + 5 * HOUR].map((pane) => samplePane({ metric: metric.id, pane }));
    await store.insertPanes(panes);
    await rollTo(store, metric, [
      markAt(metric.id, 0, MINUTE, T0 + 6 * HOUR),
      markAt(metric.id, 0, HOUR, T0 + 6 * HOUR),
    ]);
    const begins: (number | null)[] = [await store.readBegin(metric.id, 1)];
    for (const tier of ['pane', 'minute', 'hour'] as const) {
      const aged = { metric: metric.id, version: 1, tier, before: T0 + 2 * HOUR, parts: null };
      await store.expire({ panes: [aged], gone: [], eventsBefore: 0 });
      begins.push(await store.readBegin(metric.id, 1));
    }
    expect(begins).toEqual([first, T0 + 34 * MINUTE, T0, first + 5 * HOUR]);
  });

  test('expire takes the parts that it names, and everything of a version that is gone', async () => {
    const store = storeOf();
    const metric = sampleMetric({ id: 'tiers.expired' });
    await store.insertPanes(['0', '~0', '1'].map((part) => samplePane({ metric: metric.id, part })));
    await rollTo(store, metric, [
      markAt(metric.id, 0, MINUTE, T0 + MINUTE),
      markAt(metric.id, 0, HOUR, T0 + HOUR),
    ]);
    const aged = { metric: metric.id, version: 1, tier: 'pane', before: T0 + HOUR, parts: ['0'] } as const;
    await store.expire({ panes: [aged], gone: [], eventsBefore: 0 });
    const left = async () =>
      (await store.readPanes({ metric: metric.id, version: 1, from: 0, to: 2 * T0 })).map(({ part }) => part);
    expect(await left()).toEqual(['1', '~0']);
    const versions = async () => (await store.readVersions()).filter((one) => one.metric === metric.id);
    await store.expire({ panes: [{ ...aged, parts: null }], gone: [], eventsBefore: 0 });
    expect(await left()).toEqual([]);
    expect(await versions()).toEqual([{ metric: metric.id, version: 1 }]);
    await store.expire({ panes: [], gone: [{ metric: metric.id, version: 1 }], eventsBefore: 0 });
    expect(await versions()).toEqual([]);
    expect(await store.readMarks({ metric: metric.id, version: 1 })).toEqual([]);
    const all = { metric: metric.id, version: 1, from: 0, to: 2 * T0, align: HOUR };
    expect(await store.readTiers(all)).toEqual([]);
  });
}
