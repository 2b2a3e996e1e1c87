import { expect, test } from 'vitest';
import { OTHER } from '#contracts/metric/dimension.ts';
import type { Store } from './store.ts';
import { counts, scopeOf } from './testing/fold-scope.ts';
import { sampleEvent, sampleMetric, T0 } from './testing/store-samples.ts';

/** The part of the Store's contract about the names that groups keep in the SQL fold (rule 6). */
export function storeCapsConformance(storeOf: () => Store): void {
  test('beyond the cap of a level the last dimension becomes __other__, first come by position', async () => {
    const store = storeOf();
    const pairs = ['a1', 'a2', 'b3', 'a4', 'c5', 'b6', 'a1', 'd7', 'b3', 'c8'];
    await store.insertEvents(
      pairs.map((xy, index) => sampleEvent({ part: 62, index }, { x: xy[0], y: Number(xy[1]) })),
    );
    const metric = sampleMetric({ groupBy: ['x', 'y'] });
    const levels = true;
    expect(counts(await store.runSqlFold(scopeOf(62, { metric, groups: 2, levels })))).toEqual({
      '0:a/1': 2,
      '0:a/2': 1,
      [`0:b/${OTHER}`]: 3,
      [`0:a/${OTHER}`]: 1,
      [`0:${OTHER}/${OTHER}`]: 3,
    });
  });

  test('from a value that is too long on, a group is __other__ and has its place among such', async () => {
    const store = storeOf();
    const list = ['a-1', 'a-long', 'b-1', 'long-1', 'a-2', `a-${OTHER}`, `${OTHER}-1`, 'b-2', 'c-long'];
    await store.insertEvents(
      list.map((xy, index) => {
        const [x, y] = xy.split('-');
        return sampleEvent({ part: 63, index }, { x, y });
      }),
    );
    const metric = sampleMetric({ groupBy: ['x', 'y'] });
    const scope = scopeOf(63, { metric, groups: 2, valueLength: 3 });
    // `__other__` is too long as well, and so no group of its own.
    expect(counts(await store.runSqlFold({ ...scope, levels: true }))).toEqual({
      '0:a/1': 1,
      '0:b/1': 1,
      [`0:a/${OTHER}`]: 3,
      [`0:b/${OTHER}`]: 1,
      [`0:${OTHER}/${OTHER}`]: 3,
    });
    expect(counts(await store.runSqlFold(scope))).toEqual({
      '0:a/1': 1,
      '0:b/1': 1,
      [`0:${OTHER}/${OTHER}`]: 7,
    });
  });

  test('a group that is named like one of a level has its place there', async () => {
    const store = storeOf();
    const list = [`a-${OTHER}`, 'a-1', `${OTHER}-1`, `b-${OTHER}`, `${OTHER}-2`, `${OTHER}-${OTHER}`, 'a-3'];
    await store.insertEvents(
      list.map((xy, index) => {
        const [x, y] = xy.split('-');
        return sampleEvent({ part: 64, index }, { x, y });
      }),
    );
    const metric = sampleMetric({ groupBy: ['x', 'y'] });
    const levels = true;
    expect(counts(await store.runSqlFold(scopeOf(64, { metric, groups: 1, levels })))).toEqual({
      [`0:a/${OTHER}`]: 2,
      '0:a/1': 1,
      [`0:${OTHER}/${OTHER}`]: 4,
    });
  });

  test('without levels all dimensions beyond the cap become __other__, first come by position', async () => {
    const store = storeOf();
    const letters = ['c', 'a', 'c', 'b', 'a', 'd'];
    await store.insertEvents(letters.map((x, index) => sampleEvent({ part: 34, index }, { x, y: 1 })));
    await store.insertEvents([sampleEvent({ part: 34, offset: 1, ts: T0 + 1_000 }, { x: 'd', y: 1 })]);
    const metric = sampleMetric({ groupBy: ['x', 'y'] });
    expect(counts(await store.runSqlFold(scopeOf(34, { metric, groups: 2 })))).toEqual({
      '0:c/1': 2,
      '0:a/1': 2,
      [`0:${OTHER}/${OTHER}`]: 2,
      '1:d/1': 1,
    });
  });

  test('a group whose own name is __other__ takes none of the places', async () => {
    const store = storeOf();
    const list = [OTHER, 'a', 'b', OTHER, 'c'].map((x, index) => sampleEvent({ part: 38, index }, { x }));
    await store.insertEvents(list);
    const found = await store.runSqlFold(
      scopeOf(38, { metric: sampleMetric({ groupBy: ['x'] }), groups: 2 }),
    );
    expect(counts(found)).toEqual({ '0:a': 1, '0:b': 1, [`0:${OTHER}`]: 3 });
  });

  test('the cap of groups counts in each partition for itself', async () => {
    const store = storeOf();
    const events = [141, 142].flatMap((part) =>
      ['a', 'b', 'c'].map((c, offset) => sampleEvent({ part, offset, ts: T0 }, { c: `${c}${part}` })),
    );
    await store.insertEvents(events);
    const metric = sampleMetric({ id: 'capped', groupBy: ['c'] });
    const partitions = [141, 142].map((partition) => ({ partition, before: 3 }));
    await store.backfill({ metric, version: 1, groups: 2, partitions });
    const found = await store.readPanes({ metric: 'capped', version: 1, from: 0, to: T0 * 2 });
    expect(found.map((r) => `${r.part} ${r.group}`).sort()).toEqual([
      '~141 __other__',
      '~141 a141',
      '~141 b141',
      '~142 __other__',
      '~142 a142',
      '~142 b142',
    ]);
  });
}
