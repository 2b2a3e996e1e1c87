import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../../testing/usual-formats.ts';
import { buildScale, createScaleKeeper, shareOf } from './scale.ts';

describe('a scale', () => {
  it.each([
    [0, 200, true, [0, 100, 200], 0, 200],
    [0, 240, true, [0, 100, 200], 0, 240],
    [0, 690, true, [0, 200, 400, 600], 0, 720],
    [0, 1010, true, [0, 500, 1_000], 0, 1_100],
    [88, 505, false, [0, 200, 400], 0, 520],
    [94.2, 97.6, false, [95, 96, 97], 94.2, 97.6],
    [0, 0, true, [0, 0.5, 1], 0, 1],
    [Number.NaN, Number.NaN, true, [0, 0.5, 1], 0, 1],
    [-5, 12, false, [-5, 0, 5, 10], -5, 12],
  ])(
    'of %d to %d, from zero %s, has the ticks %j within %d to %d',
    (low, high, fromZero, ticks, min, max) => {
      const scale = buildScale(low, high, fromZero);
      expect(scale.ticks).toEqual(ticks);
      expect(scale.min).toBeCloseTo(min, 9);
      expect(scale.max).toBeCloseTo(max, 9);
    },
  );

  it('leaves the data most of the picture', () => {
    const size = fc.double({ min: 1e-12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(size, size, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(high - low > 1e-6 * high);
        const above = buildScale(0, high, true);
        expect(above.min).toBe(0);
        expect(high / above.max).toBeGreaterThan(0.85);
        const between = buildScale(low, high, false);
        const from = low < high * 0.4 ? 0 : low;
        expect((high - from) / (between.max - between.min)).toBeGreaterThan(0.75);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    [5e-324, 5e-324],
    [0, 5e-324],
    [-Number.MAX_VALUE, Number.MAX_VALUE],
    [Number.MAX_VALUE, Number.MAX_VALUE],
    [1e15, 1e15 + 2],
    [1795428063000, 1795428063009],
    [1, 1 + 1e-13],
    [1, 1 + Number.EPSILON],
    [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  ])('of %d to %d can be drawn', (low, high) => {
    for (const fromZero of [false, true]) expectScale(low, high, fromZero);
  });

  it('holds data of any size, has two to four ticks that differ, and labels that are exactly the values of their ticks', () => {
    fc.assert(
      fc.property(RANGE, fc.boolean(), ([low, high], fromZero) => {
        expectScale(low, high, fromZero);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never widens a range of plain numbers beyond what its ticks need', () => {
    const number = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(number, number, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(high - low > Math.max(1e-300, 1e-6 * Math.max(Math.abs(low), Math.abs(high))));
        const { min, max, ticks } = buildScale(low, high, false);
        const [least, most] = low >= 0 && low < high * 0.4 ? [0, high] : [low, high];
        const step = ticks[1]! - ticks[0]!;
        expect(least - min).toBeLessThanOrEqual(step * (1 + 1e-6));
        expect(max - most).toBeLessThanOrEqual(step * (1 + 1e-6));
      }),
    );
  });
});

/** Any two doubles, two that are close to each other, and two that are close to a round number. */
const RANGE: fc.Arbitrary<[number, number]> = fc
  .oneof(
    fc.tuple(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    ),
    fc
      .tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 0, max: 50 }))
      .map(([a, n]): [number, number] => [a, a + n * Math.abs(a) * Number.EPSILON]),
    fc
      .tuple(fc.integer({ min: -300, max: 300 }), fc.integer({ min: 0, max: 9 }))
      .map(([power, n]): [number, number] => [10 ** power, 10 ** power + n]),
  )
  .map(([a, b]) => (a <= b ? [a, b] : [b, a]));

function expectScale(low: number, high: number, fromZero: boolean): void {
  const scale = buildScale(low, high, fromZero);
  const { min, max, ticks } = scale;
  if (low >= 0) expect(min).toBeGreaterThanOrEqual(0);
  if (high <= 0) expect(max).toBeLessThanOrEqual(high === 0 ? Number.POSITIVE_INFINITY : 0);
  expect(Number.isFinite(min) && Number.isFinite(max) && min < max).toBe(true);
  for (const value of [low, high, ...ticks].filter(Number.isFinite)) {
    const share = shareOf(scale, value);
    expect(share).toBeGreaterThanOrEqual(-1e-6);
    expect(share).toBeLessThanOrEqual(1 + 1e-6);
  }
  expect(ticks.length).toBeGreaterThanOrEqual(2);
  expect(ticks.length).toBeLessThanOrEqual(4);
  const shares = ticks.map((tick) => shareOf(scale, tick));
  for (let i = 1; i < ticks.length; i++) expect(shares[i]! - shares[i - 1]!).toBeGreaterThan(0.05);
  const labels = FORMATS.ticks(ticks);
  expect(new Set(labels).size).toBe(ticks.length);
  labels.forEach((label, i) => {
    const read = readLabel(label);
    const step = ticks[1]! / 2 - ticks[0]! / 2;
    expect(Math.abs(read / 2 - ticks[i]! / 2)).toBeLessThanOrEqual(step * 1e-3);
  });
}

const LETTERS: Record<string, string> = { k: 'e3', M: 'e6', G: 'e9', T: 'e12', P: 'e15', E: 'e18' };
const readLabel = (label: string): number => {
  const [figure, letter] = label.replaceAll('−', '-').replaceAll(',', '').split(' ') as [string, string?];
  return Number(figure + (letter === undefined ? '' : LETTERS[letter]!));
};

describe('the kept scale', () => {
  it('grows at once and shrinks only after a minute of room', () => {
    const keeper = createScaleKeeper();
    expect(keeper.fit(0, 90, true, 0).max).toBe(90);
    expect(keeper.fit(0, 500, true, 1_000).max).toBe(520);
    expect(keeper.fit(0, 90, true, 2_000).max).toBe(520);
    expect(keeper.fit(0, 90, true, 61_999).max).toBe(520);
    expect(keeper.fit(0, 90, true, 62_000).max).toBe(90);
  });

  it('starts the minute again when the room was needed meanwhile', () => {
    const keeper = createScaleKeeper();
    keeper.fit(0, 500, true, 0);
    keeper.fit(0, 90, true, 1_000);
    keeper.fit(0, 500, true, 50_000);
    expect(keeper.fit(0, 90, true, 62_000).max).toBe(520);
  });
});
