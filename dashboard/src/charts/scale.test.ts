import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildScale, createScaleKeeper } from './scale.ts';

describe('a scale', () => {
  it.each([
    [0, 240, true, [0, 100, 200, 300]],
    [88, 505, false, [0, 200, 400, 600]],
    [94.2, 97.6, false, [94, 96, 98]],
    [0, 0, true, [0, 0.5, 1]],
    [Number.NaN, Number.NaN, true, [0, 0.5, 1]],
    [-5, 12, false, [-10, 0, 10, 20]],
  ])('of %d to %d, from zero %s, has the ticks %j', (low, high, fromZero, ticks) => {
    expect(buildScale(low, high, fromZero).ticks).toEqual(ticks);
  });

  it('holds the data and has two to four ticks', () => {
    const number = fc
      .double({ min: -1e9, max: 1e9, noNaN: true })
      .filter((x) => x === 0 || Math.abs(x) > 1e-6);
    fc.assert(
      fc.property(number, number, fc.boolean(), (a, b, fromZero) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(high === low || high - low > 1e-7 * Math.abs(high));
        const { min, max, ticks } = buildScale(low, high, fromZero);
        const slack = (max - min) * 1e-6;
        expect(min).toBeLessThanOrEqual(low + slack);
        expect(max).toBeGreaterThanOrEqual(high - slack);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(4);
      }),
    );
  });
});

describe('the kept scale', () => {
  it('grows at once and shrinks only after a minute of room', () => {
    const keeper = createScaleKeeper();
    expect(keeper.fit(0, 90, true, 0).max).toBe(100);
    expect(keeper.fit(0, 500, true, 1_000).max).toBe(600);
    expect(keeper.fit(0, 90, true, 2_000).max).toBe(600);
    expect(keeper.fit(0, 90, true, 61_999).max).toBe(600);
    expect(keeper.fit(0, 90, true, 62_000).max).toBe(100);
  });

  it('counts the minute anew when the room was needed again', () => {
    const keeper = createScaleKeeper();
    keeper.fit(0, 500, true, 0);
    keeper.fit(0, 90, true, 1_000);
    keeper.fit(0, 500, true, 50_000);
    expect(keeper.fit(0, 90, true, 62_000).max).toBe(600);
  });
});
