import { expect, test } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import { OTHER } from '#contracts/metric/dimension.ts';
import type { GroupCounts, GroupQuery, GroupSource } from './group-query.ts';
import { foldRows } from './memory/fold-rows.ts';
import type { Store } from './store.ts';
import { sampleEvent, sampleMetric, T0 } from './testing/store-samples.ts';

const sourceOf = (partition: number, over: Partial<GroupSource> = {}): GroupSource => ({
  partition,
  activation: 0,
  before: 1_000,
  backfilled: true,
  imports: 0,
  late: 0,
  ...over,
});

/** The part of the Store's contract that counts groups, and those that found no place. */
export function storeGroupsConformance(storeOf: () => Store): void {
  const ask = async (over: Partial<GroupQuery> & Pick<GroupQuery, 'metric' | 'sources'>) =>
    storeOf().countGroups({ version: 1, from: T0, to: T0 + 60_000, limit: 2, events: 1_000, ...over });
  const counted = async (over: Parameters<typeof ask>[0]): Promise<GroupCounts> => {
    const found = await ask(over);
    if ('fits' in found) throw new Error(`Only from ${found.fits} on.`);
    return found;
  };
  /** Events of a partition at a time, each as `shop/user`. */
  const events = (part: number, pairs: string, ts = T0, offset = 0) =>
    pairs.split(' ').map((pair, index) => {
      const [shop, user] = pair.split('/');
      return sampleEvent({ part, offset, index, ts }, { shop, user });
    });

  test('counts what became of groups level by level, and names those with most events', async () => {
    const store = storeOf();
    const metric = sampleMetric({ id: 'grouped', groupBy: ['shop', 'user'] });
    const rows = [
      ...events(330, 'a/1 a/2 a/3 b/4 a/3 c/5 c/6 c/5 a/1 c/7'),
      ...events(330, 'c/5 d/8', T0 + 1_000, 1),
      ...events(331, 'c/9'),
    ];
    await store.insertEvents([...rows, sampleEvent({ part: 330, offset: 9, event: 'other' })]);
    for (const part of [330, 331]) {
      const own = rows.filter((row) => row.part === part);
      const scope = { metric, version: 1, groups: 2, levels: true, part: String(part), next: 1_000 };
      await store.insertPanes(foldRows(scope, own, aggregateOf(metric.aggregate)));
    }
    expect(await counted({ metric, sources: [sourceOf(330), sourceOf(331)] })).toEqual({
      from: T0,
      events: 13,
      levels: [
        { places: 2, distinct: 4, values: 4, other: 4, leftOut: [{ group: ['c'], events: 4 }] },
        {
          places: 2,
          distinct: 9,
          values: 9,
          other: 7,
          leftOut: [
            { group: ['a', '3'], events: 2 },
            { group: ['c', '5'], events: 2 },
          ],
        },
      ],
    });
    const later = await counted({ metric, sources: [sourceOf(330)], from: T0 + 1_000 });
    expect([later.from, later.events, later.levels.map(({ other }) => other)]).toEqual([
      T0 + 1_000,
      2,
      [0, 0],
    ]);
  });

  test('takes each event for what its own part says, and leaves out what no part holds', async () => {
    const store = storeOf();
    const metric = sampleMetric({ id: 'parts', groupBy: ['shop'], lateness: 60_000 });
    const at = (offset: number, shop: string, over: object = {}) =>
      sampleEvent({ part: 332, offset, ...over }, { shop });
    await store.insertEvents([
      at(0, 'filled'),
      at(1, 'not'),
      at(5, 'live'),
      at(6, 'imported', { imported: true }),
      at(7, 'late', { watermark: T0 + 60_000 }),
      at(8, 'late', { watermark: T0 + 60_000 }),
      at(9, 'imported', { imported: true }),
      at(20, 'beyond'),
    ]);
    const state = { nums: [], keys: [], counts: [1] };
    const row = (part: string, shop: string) => ({
      ...{ metric: 'parts', version: 1, pane: T0, group: [shop], part, state, next: 9 },
    });
    await store.insertPanes([
      row('~332', 'filled'),
      row('332', 'live'),
      row('332', OTHER),
      row('+332', 'imported'),
    ]);
    const source = sourceOf(332, { activation: 5, before: 12, imports: 7, late: 8 });
    const shops = async (over: Partial<GroupSource>) => {
      const { events, levels } = await counted({ metric, sources: [{ ...source, ...over }], limit: 9 });
      return [events, levels[0]!.other, levels[0]!.leftOut.map(({ group }) => group[0])];
    };
    expect(await shops({})).toEqual([5, 2, ['late', 'not']]);
    expect(await shops({ backfilled: false })).toEqual([3, 1, ['late']]);
    expect(await shops({ imports: 0, late: 9 })).toEqual([5, 3, ['late', 'not']]);
  });

  test('tells no name that is too long, or __other__ itself, and counts its events', async () => {
    const store = storeOf();
    const metric = sampleMetric({ id: 'names', groupBy: ['shop', 'user'] });
    const rows = events(333, `a/1 a/longer-than-8 longer-than-8/1 a/${OTHER} ${OTHER}/${OTHER} a/2`);
    await store.insertEvents(rows);
    const scope = { metric, version: 1, groups: 1, levels: true, part: '333', next: 9, valueLength: 8 };
    await store.insertPanes(foldRows(scope, rows, aggregateOf(metric.aggregate)));
    const found = await counted({ metric, sources: [sourceOf(333)], valueLength: 8 });
    expect(found.levels.map(({ other, leftOut }) => [other, leftOut])).toEqual([
      [2, []],
      [5, [{ group: ['a', '2'], events: 1 }]],
    ]);
  });

  test('refuses more events than it may look at, and says from when on it would not', async () => {
    const store = storeOf();
    const metric = sampleMetric({ id: 'many', groupBy: ['shop'] });
    await store.insertEvents(
      Array.from({ length: 6 }, (_, index) => sampleEvent({ part: 334, index, ts: T0 + 900_000 + index })),
    );
    const asked = { metric, sources: [sourceOf(334)], from: T0 + 900_000, to: T0 + 901_000 };
    expect(await ask({ ...asked, events: 4 })).toEqual({ fits: T0 + 900_002 });
    expect(await ask({ ...asked, events: 6 })).toMatchObject({ events: 0 });
    const none = await counted({ metric: sampleMetric({ id: 'none', groupBy: [] }), sources: [] });
    expect(none).toEqual({ from: T0, events: 0, levels: [] });
  });
}
