import { expect, it } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import { HOUR, MINUTE } from '#contracts/text/duration.ts';
import { createMemoryStore } from '#platform/store/memory/memory-store.ts';
import { sampleEvent, sampleMetric, T0 } from '#platform/store/testing/store-samples.ts';
import { RangeSurvey, type SurveyOptions } from './range-survey.ts';

const FROM = Math.floor(T0 / HOUR) * HOUR;

/** An event a second for two hours; in the first of them of `groups` groups in turn, later of one. */
async function open(groups: number, over: Partial<SurveyOptions> = {}) {
  const store = createMemoryStore({ aggregateOf });
  const event = (i: number) =>
    sampleEvent({ offset: i, ts: FROM + i * 1_000 }, { country: i < 3_600 ? `c${i % groups}` : 'c0' });
  await store.insertEvents(Array.from({ length: 7_200 }, (_, i) => event(i)));
  const metric = sampleMetric({ groupBy: ['country'], lateness: HOUR * 24 });
  const reads = store.preview({ metric, version: 0, partitions: [{ partition: 0, before: 1e6 }], groups: 3 });
  const looked: number[] = [];
  const survey = new RangeSurvey(
    {
      ...reads,
      survey(range) {
        looked.push(range.unit);
        return reads.survey(range);
      },
    },
    {
      ...{
        from: FROM,
        to: FROM + 2 * HOUR,
        pane: metric.pane,
        align: 0,
        cap: 3,
        slices: { first: 4_000, most: 1e6 },
        check() {},
      },
      ...over,
    },
  );
  return { survey, reads, looked };
}

it('folds by hours where all groups have a place', async () => {
  const { survey, reads } = await open(3);
  await survey.complete();
  expect(survey.unitIn(FROM, FROM + 2 * HOUR, 0)).toBe(HOUR);
  expect(survey.unitIn(FROM, FROM + 2 * HOUR, MINUTE)).toBeUndefined();
  expect(survey.tally).toMatchObject({ matched: 7_200, counted: 7_200, misfits: [] });
  expect(survey.size).toEqual(await reads.measure(FROM, FROM + 2 * HOUR));
  expect(survey.progress).toBe(1);
});

it('looks again by minutes at what has too many groups in an hour, and folds each pane where a minute has', async () => {
  const { survey, looked, reads } = await open(5);
  await survey.complete();
  expect([...new Set(looked)]).toEqual([HOUR, MINUTE]);
  expect(survey.unitIn(FROM + HOUR, FROM + 2 * HOUR, MINUTE)).toBe(MINUTE);
  expect(survey.unitIn(FROM, FROM + HOUR, MINUTE)).toBeUndefined();
  expect(survey.size).toEqual(await reads.measure(FROM, FROM + 2 * HOUR));
});

it.each<[string, Partial<SurveyOptions>, number]>([
  ['windows of two minutes', { align: 2 * MINUTE }, 2 * MINUTE],
  ['panes that make no hour', { align: 0, pane: 7_000 }, 7_000],
  ['windows that nothing but panes divide', { align: 61_000 }, 1_000],
])('has a unit that divides %s', async (_, over, unit) => {
  const { survey } = await open(1, over);
  await survey.slice(0);
  expect(survey.unitIn(FROM, FROM + 2 * HOUR, 0)).toBe(unit);
});

it('goes no further than it is asked to, and ends where nobody waits', async () => {
  let isGone = false;
  const check = (): void => {
    if (isGone) throw new Error('gone');
  };
  const { survey } = await open(1, { check, slices: { first: 100, most: 1e6 } });
  const first = await survey.slice(0);
  expect(first).toMatchObject({ to: FROM + 2 * HOUR });
  expect(survey.from).toBe(first!.from);
  expect(survey.tally.matched).toBeGreaterThan(0);
  expect(survey.tally.matched).toBeLessThan(7_200);
  isGone = true;
  await expect(survey.complete()).rejects.toThrow('gone');
  isGone = false;
  await survey.complete();
  expect(await survey.slice(1_000)).toBeNull();
});
