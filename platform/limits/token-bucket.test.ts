import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTokenBucket } from './token-bucket.ts';

describe('a token bucket', () => {
  it('lets a burst through, then only what has been refilled', () => {
    const bucket = createTokenBucket(10, 3);
    expect([1, 2, 3].map(() => bucket.consume(1, 0))).toEqual([0, 0, 0]);
    expect(bucket.consume(1, 0)).toBe(100);
    expect(bucket.consume(1, 99)).toBeCloseTo(1);
    expect(bucket.consume(1, 100)).toBe(0);
    expect(bucket.consume(3, 100)).toBe(300);
  });

  it('takes nothing where it refuses', () => {
    const bucket = createTokenBucket(1, 2);
    expect(bucket.consume(2, 0)).toBe(0);
    for (let i = 0; i < 100; i++) expect(bucket.consume(2, 0)).toBe(2_000);
    expect(bucket.consume(2, 2_000)).toBe(0);
  });

  it('goes into debt for what was served already, and waits until it is paid', () => {
    const bucket = createTokenBucket(100, 100);
    bucket.spend(300, 0);
    expect(bucket.consume(0, 0)).toBe(2_000);
    expect(bucket.consume(0, 1_999)).toBeCloseTo(1);
    expect(bucket.consume(0, 2_000)).toBe(0);
    expect(bucket.consume(1, 2_000)).toBeCloseTo(10);
  });

  it('lets more than its burst in from full, and makes the next one wait for all of it', () => {
    const bucket = createTokenBucket(10, 10);
    expect(bucket.consume(30, 0)).toBe(0);
    expect(bucket.consume(1, 0)).toBe(2_100);
  });

  it('gains nothing by a clock that goes back, and loses no more than the time until then', () => {
    const bucket = createTokenBucket(1, 1);
    expect(bucket.consume(1, 10_000)).toBe(0);
    expect(bucket.consume(1, 0)).toBe(1_000);
    expect(bucket.consume(1, 1_000)).toBe(0);
  });

  it('never lets more through in any stretch than its burst and what came back meanwhile', () => {
    const step = fc.record({ after: fc.nat(500), n: fc.integer({ min: 1, max: 20 }) });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 20, max: 100 }),
        fc.array(step),
        (rate, burst, steps) => {
          const bucket = createTokenBucket(rate, burst);
          const taken: { at: number; n: number }[] = [];
          let now = 0;
          for (const { after, n } of steps) {
            now += after;
            const wait = bucket.consume(n, now);
            if (wait > 0) expect(bucket.consume(n, now + wait + 1e-6)).toBe(0);
            if (wait > 0) now += wait + 1e-6;
            taken.push({ at: now, n });
          }
          for (let from = 0; from < taken.length; from++) {
            let sum = 0;
            for (const { at, n } of taken.slice(from)) {
              sum += n;
              expect(sum).toBeLessThanOrEqual(burst + ((at - taken[from]!.at) * rate) / 1_000 + 1e-3);
            }
          }
        },
      ),
    );
  });
});
