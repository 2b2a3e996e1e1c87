import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '#contracts/text/duration.ts';
import { formatDelta } from '../../dashboard/src/format/format-delta.ts';
import { createNumberFormat } from '../../dashboard/src/format/format-number.ts';
import { compiled, type Sample, times, useStoredMetric, valuesOf } from './testing/stored-metric.ts';

/*
 * What a person expects of a range, with expected values that were worked out by hand. Stored panes are answered over HTTP;
 * the numbers are those of the list that the cases come from.
 */

/** A Monday, 16:00 in UTC. */
const NOW = Date.UTC(2026, 10, 23, 16);
const TODAY = NOW - 16 * HOUR;

const metric = useStoredMetric();
const { store, ask } = metric;
const delta = (now: number | null, before: number | null) =>
  formatDelta({ now, before, error: 0 }, { unit: '', better: null }, createNumberFormat('comma'));

describe('a period that is not over', () => {
  it('case 14: today so far is compared with yesterday until the same time', async () => {
    const samples = [
      ...times(80, TODAY + 9 * HOUR),
      ...times(100, TODAY - DAY + 15 * HOUR),
      ...times(50, TODAY - DAY + 18 * HOUR),
    ];
    await store({ aggregate: 'count' }, samples, NOW);
    const today = { window: 'whole', range: { this: 'day', timezone: 'UTC' } };
    const { compare, ...now } = await ask({ ...today, compare: 'previous' });
    expect([valuesOf(now), valuesOf(compare!)]).toEqual([[80], [100]]);
    expect(delta(80, 100)).toMatchObject({ text: '−20.0 %' });
    const yesterday = { from: String(TODAY - DAY), to: String(TODAY), window: 'whole' };
    expect(valuesOf(await ask(yesterday))).toEqual([150]);
  });

  it('case 16: what follows upon nothing has no percentage, and what never was has no value', async () => {
    await store({ aggregate: 'count' }, times(5, NOW - 10 * SECOND), NOW);
    const { begins, ...now } = await ask({ window: 'whole', range: '1m', compare: 'previous' });
    expect([valuesOf(now), begins]).toEqual([[5], NOW - 10 * SECOND]);
    expect(valuesOf(now.compare!)).toEqual([null]);
    expect(delta(5, null)).toBeNull();
    expect(delta(5, 0)).toMatchObject({ text: 'new' });
    expect(delta(0, 0)).toMatchObject({ text: '0 %' });
  });

  it('case 32: a rate is one by the time that has passed, and the window is said to be open', async () => {
    const start = NOW - 3 * SECOND;
    await store({ aggregate: 'rate' }, [...times(1, NOW - MINUTE), ...times(30, start + SECOND)], NOW);
    const answer = await ask({ from: String(start), to: String(start + 10 * SECOND), window: 'whole' });
    expect([valuesOf(answer), answer.open]).toEqual([[10], [start]]);
  });
});

describe('a range as one value', () => {
  it('case 18: a quantile is one of all values, not a mean of those of the panes', async () => {
    const samples = [...times(90, NOW - 20 * SECOND, 1), ...times(11, NOW - 19 * SECOND, 100)];
    await store({ aggregate: 'quantiles(ms, 0.9)' }, samples, NOW);
    const [p90] = valuesOf(await ask({ window: 'whole', range: '1m' }));
    expect(Math.abs(p90! - 100)).toBeLessThanOrEqual(0.8);
  });

  it('case 19: who came on two days is counted once', async () => {
    const day = (at: number, ...who: string[]): Sample[] => who.map((one) => [at, one]);
    const samples = [
      ...day(TODAY - 2 * DAY + HOUR, 'A', 'B', 'C'),
      ...day(TODAY - DAY + HOUR, 'B', 'C', 'D'),
    ];
    await store({ aggregate: 'distinct(user)' }, samples, NOW);
    const range = { from: String(TODAY - 2 * DAY), to: String(TODAY) };
    expect(valuesOf(await ask({ ...range, window: '1d' }))).toEqual([3, 3]);
    expect(valuesOf(await ask({ ...range, window: 'whole' }))).toEqual([4]);
  });

  it('case 28: it is the same whether seconds, minutes or hours are read', async () => {
    const begin = TODAY - DAY;
    const samples = Array.from({ length: 400 }, (_, i): Sample => [begin + i * 197 * SECOND, (i * 37) % 101]);
    const definition = { event: 'e', pane: '1s', aggregate: 'quantiles(ms, 0.5, 0.99)' };
    const version = await store(definition, samples, NOW);
    const asked = (window: string, from: number) => ({ window, from: String(from), to: String(begin + DAY) });
    const questions = [
      asked('1h', begin),
      asked('whole', begin),
      asked('20m', begin + 5 * HOUR),
      asked('7m', begin + 12 * HOUR),
    ];
    // Another question for each reading, because a view that is open is not read again.
    const read = (compare: object) =>
      Promise.all(questions.map(async (query) => (await ask({ ...query, ...compare })).series));
    const before = await read({});
    expect(before.flatMap((series) => valuesOf({ series })).filter((value) => value !== null)).toHaveLength(
      22 + 1 + 51 + 85,
    );
    const rollUp = {
      metric: compiled(definition).metric,
      version,
      parts: ['0'],
      from: begin,
      to: begin + 12 * HOUR,
    };
    await metric.gateway.store.rollUp([
      { ...rollUp, tier: { name: 'minute', size: MINUTE }, source: 'pane' },
    ]);
    await metric.gateway.store.rollUp([
      { ...rollUp, tier: { name: 'hour', size: HOUR }, source: 'minute', to: begin + 5 * HOUR },
    ]);
    const mark = { metric: 'm', version, partition: 0 };
    await metric.gateway.store.insertMarks([
      { ...mark, tier: MINUTE, upto: begin + 12 * HOUR },
      { ...mark, tier: HOUR, upto: begin + 5 * HOUR },
    ]);
    // Below the marks nothing finer is left, so that it is read from coarse panes or not at all.
    const aged = { metric: 'm', version, parts: null };
    await metric.gateway.store.expire({
      panes: [
        { ...aged, tier: 'pane', before: begin + 12 * HOUR },
        { ...aged, tier: 'minute', before: begin + 5 * HOUR },
      ],
      gone: [],
      eventsBefore: 0,
    });
    expect(await read({ compare: 'previous' })).toEqual(before);
    // Another definition has panes of its own; until they are folded, the answers are those of the one that is served.
    await store({ aggregate: 'quantiles(other, 0.5, 0.99)' }, times(1_000, begin, 1), NOW);
    expect(await read({ compare: '7d' })).toEqual(before);
  });
});
