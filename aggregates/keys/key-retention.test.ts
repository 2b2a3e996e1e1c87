import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY, HOUR } from '#contracts/text/duration.ts';
import { retention } from './key-retention.ts';
import { MOST_KEYS } from './key-sample.ts';

const callOf = (span: number, periods: number) => ({
  name: 'retention',
  field: null,
  args: [periods],
  spans: [span],
});
const at = (ts: number) => ({ ts, part: 0, offset: 0, index: 0 });
/** A Sunday, 0:00 in UTC. */
const SUNDAY = Date.UTC(2026, 10, 22);

type Visit = readonly [key: string, ts: number];

function fold(span: number, visits: readonly Visit[]) {
  const aggregate = retention.of(callOf(span, 1));
  const state = aggregate.create();
  for (const [key, ts] of visits) aggregate.add(state, key, at(ts));
  return { aggregate, state };
}

function returnsOf(span: number, periods: number, visits: readonly Visit[]): (number | null)[] {
  const { aggregate, state } = fold(span, visits);
  return aggregate.value(state, callOf(span, periods), 1_000);
}

describe('retention', () => {
  test('counts the keys of the earliest period, and how many of them had an event in each later one', () => {
    const visits: Visit[] = [
      ['ann', SUNDAY],
      ['bob', SUNDAY + 23 * HOUR],
      ['cem', SUNDAY + DAY],
      ['ann', SUNDAY + DAY],
      ['ann', SUNDAY + DAY + HOUR],
      ['bob', SUNDAY + 3 * DAY],
      ['ann', SUNDAY + 3 * DAY],
    ];
    expect(returnsOf(DAY, 3, visits)).toEqual([2, 1, 0, 2]);
    // Pairs of days are counted from the epoch: the Sunday ends one, Monday and Tuesday are the next.
    expect(returnsOf(2 * DAY, 1, visits)).toEqual([2, 1]);
  });

  test('begins weeks on Monday', () => {
    const visits: Visit[] = [
      ['ann', SUNDAY],
      ['ann', SUNDAY + DAY],
    ];
    expect(returnsOf(7 * DAY, 2, visits)).toEqual([1, 1, 0]);
    expect(
      returnsOf(
        7 * DAY,
        1,
        visits.map(([key, ts]): Visit => [key, ts + DAY]),
      ),
    ).toEqual([1, 0]);
  });

  test('is exact up to its limit, and near above it', () => {
    const visitsOf = (keys: number): Visit[] =>
      Array.from({ length: keys }, (_, i) => i).flatMap((i): Visit[] => [
        [`key ${i}`, SUNDAY],
        ...(i % 4 === 0 ? [[`key ${i}`, SUNDAY + DAY] as const] : []),
      ]);
    expect(returnsOf(DAY, 1, visitsOf(MOST_KEYS))).toEqual([MOST_KEYS, MOST_KEYS / 4]);
    const [all, back] = returnsOf(DAY, 1, visitsOf(50_000));
    // Four standard errors, of 2,048 keys and of a quarter of them.
    expect(Math.abs(all! / 50_000 - 1)).toBeLessThan(4 / Math.sqrt(2_048));
    expect(Math.abs(back! / 12_500 - 1)).toBeLessThan(4 / Math.sqrt(512));
  });

  test('beyond the limit any order and split gives the same state, which has a bound', () => {
    const many = Array.from({ length: 9_000 }, (_, i): Visit => [`key ${i % 7_000}`, SUNDAY + (i % 5) * DAY]);
    const whole = fold(DAY, many);
    const expected = whole.aggregate.encode(whole.state);
    expect(expected.keys.length).toBeLessThanOrEqual(3 * 5 * (MOST_KEYS + 1));
    expect(expected.counts[1]).toBe(MOST_KEYS + 1);
    fc.assert(
      fc.property(fc.shuffledSubarray(many, { minLength: many.length }), fc.nat(9_000), (visits, cut) => {
        const parts = [visits.slice(0, cut), visits.slice(cut)].map((part) => fold(DAY, part).state);
        const { aggregate } = whole;
        const merged = aggregate.create();
        for (const part of parts) aggregate.merge(merged, aggregate.decode(aggregate.encode(part)));
        expect(aggregate.encode(merged)).toEqual(expected);
      }),
      { numRuns: 3 },
    );
  });

  test('knows the earliest period though no key of it is kept', () => {
    const later = Array.from({ length: 9_000 }, (_, i): Visit => [`key ${i}`, SUNDAY + DAY]);
    const { aggregate, state } = fold(DAY, [['first', SUNDAY], ...later]);
    const [, back] = aggregate.value(aggregate.decode(aggregate.encode(state)), callOf(DAY, 1), 1_000);
    expect(back).toBe(0);
  });
});
