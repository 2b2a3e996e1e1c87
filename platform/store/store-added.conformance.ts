import { expect, test } from 'vitest';
import type { Added } from '#contracts/log/added.ts';
import { OTHER } from '#contracts/metric/dimension.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import type { Store } from './store.ts';
import { byText, sampleEvent, sampleMetric, T0 } from './testing/store-samples.ts';

const HOUR = 3_600_000;
const LATENESS = 60_000;
const NONE = { from: 0, before: 0 };
/** As a metric with the lateness of `sampleMetric` sees it. */
const LATE = { watermark: T0 + 10 * HOUR };

/** The part of the Store's contract about imported events, and late ones of a rebuild. */
export function storeAddedConformance(storeOf: () => Store): void {
  const fill = (metric: Metric, partition: number, added: Added, groups = 100): Promise<void> =>
    storeOf().fillAdded({ metric, version: 3, groups, partitions: [{ partition, ...added }] });
  /** `part pane group` → count and `next`, in hours and seconds from T0. */
  const rowsOf = async (metric: Metric): Promise<string[]> => {
    const rows = await storeOf().readPanes({ metric: metric.id, version: 3, from: 0, to: T0 * 2 });
    return rows.map((r) => `${r.part} ${(r.pane - T0) / 1_000} ${r.group}: ${r.state.counts[0]} @${r.next}`);
  };
  const counting = (id: string, over: Partial<Metric> = {}): Metric =>
    sampleMetric({ id, lateness: LATENESS, ...over });

  test('imported events are no part of the fold, and all of what is filled in for them, however old', async () => {
    const store = storeOf();
    await store.insertEvents([
      sampleEvent({ part: 230, offset: 0 }),
      sampleEvent({ part: 230, offset: 1, imported: true }),
      sampleEvent({ part: 230, offset: 2, imported: true, ts: T0 - 700 * HOUR, ...LATE }),
      sampleEvent({ part: 230, offset: 3, ...LATE }),
      sampleEvent({ part: 230, offset: 4, imported: true }),
      sampleEvent({ part: 231, offset: 0, imported: true }),
    ]);
    const metric = counting('imports');
    const scope = { metric, version: 3, partition: 230, from: 0, before: 9, groups: 100 };
    expect((await store.runSqlFold(scope)).map((r) => r.state.counts)).toEqual([[1]]);
    await store.backfill({ metric, version: 3, groups: 100, partitions: [{ partition: 230, before: 9 }] });
    await fill(metric, 230, { imports: { from: 0, before: 4 }, late: NONE });
    expect(await rowsOf(metric)).toEqual(['+230 -2520000 : 1 @4', '+230 0 : 1 @4', '~230 0 : 1 @9']);
  });

  test('late events count below their bound, and what was on time does not', async () => {
    await storeOf().insertEvents([
      sampleEvent({ part: 232, offset: 0 }),
      sampleEvent({ part: 232, offset: 1, ...LATE }),
      sampleEvent({ part: 232, offset: 2, watermark: T0 + LATENESS }),
      sampleEvent({ part: 232, offset: 3, watermark: T0 + LATENESS - 1 }),
      sampleEvent({ part: 232, offset: 4, ...LATE, imported: true }),
      sampleEvent({ part: 232, offset: 5, ...LATE }),
    ]);
    const metric = counting('rebuilt');
    await fill(metric, 232, { imports: NONE, late: { from: 0, before: 5 } });
    expect(await rowsOf(metric)).toEqual(['+232 0 : 2 @5']);
  });

  test('a fill writes the hours that something new falls into, each whole, and nothing else', async () => {
    const at = (offset: number, d: number) =>
      sampleEvent({ part: 233, offset, ts: T0 + d, imported: true, event: offset === 9 ? 'other' : 'order' });
    await storeOf().insertEvents([
      at(0, 0),
      at(1, HOUR - 1),
      at(2, HOUR),
      at(3, -1),
      at(4, 1_800_000),
      at(9, HOUR),
    ]);
    const metric = counting('hours');
    await fill(metric, 233, { imports: { from: 4, before: 10 }, late: NONE });
    expect(await rowsOf(metric)).toEqual(['+233 0 : 1 @10', '+233 1800 : 1 @10', '+233 3599 : 1 @10']);
  });

  test('a pane that begins in one hour and ends in the next is whole', async () => {
    const pane = 7 * 60_000;
    const metric = counting('odd', { pane, window: pane });
    const start = T0 - (T0 % HOUR) + HOUR - ((T0 - (T0 % HOUR) + HOUR) % pane);
    const list = [start + 1, start + pane - 1].map((ts, offset) =>
      sampleEvent({ part: 234, offset, ts, imported: true }),
    );
    await storeOf().insertEvents(list);
    await fill(metric, 234, { imports: { from: 1, before: 2 }, late: NONE });
    const rows = await storeOf().readPanes({ metric: 'odd', version: 3, from: 0, to: T0 * 2 });
    expect(rows.map((r) => [r.pane, r.state.counts[0]])).toEqual([[start, 2]]);
  });

  test('a later fill replaces rows, and an earlier one that ends after it changes nothing', async () => {
    await storeOf().insertEvents([
      sampleEvent({ part: 235, offset: 0, ...LATE }),
      sampleEvent({ part: 235, offset: 1, imported: true }),
    ]);
    const metric = counting('later');
    const first = { imports: { from: 0, before: 2 }, late: NONE };
    await fill(metric, 235, first);
    await fill(metric, 235, { imports: { from: 2, before: 2 }, late: { from: 0, before: 3 } });
    await fill(metric, 235, first);
    expect(await rowsOf(metric)).toEqual(['+235 0 : 2 @3']);
  });

  test('names that were given stay, whatever older or late events come: each kind has places of its own', async () => {
    const group = (offset: number, x: string, imported: boolean) =>
      sampleEvent({ part: 236, offset, imported, ...LATE }, { x });
    await storeOf().insertEvents([
      group(0, 'a', false),
      group(1, 'b', false),
      group(2, 'x', true),
      group(3, 'y', true),
      group(4, 'a', true),
      group(5, 'x', false),
    ]);
    const metric = counting('places', { groupBy: ['x'] });
    await fill(metric, 236, { imports: { from: 0, before: 4 }, late: NONE }, 1);
    expect(await rowsOf(metric)).toEqual([`+236 0 ${OTHER}: 1 @4`, '+236 0 x: 1 @4']);
    await fill(metric, 236, { imports: { from: 4, before: 5 }, late: { from: 0, before: 6 } }, 1);
    expect(byText(await rowsOf(metric))).toEqual([
      `+236 0 ${OTHER}: 4 @6`,
      '+236 0 a: 1 @6',
      '+236 0 x: 1 @6',
    ]);
  });
}
