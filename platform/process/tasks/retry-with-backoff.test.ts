import { describe, expect, it } from 'vitest';
import { MillraceError } from '#contracts/errors.ts';
import { type Backoff, retryWithBackoff } from './retry-with-backoff.ts';

const passing = () => new MillraceError({ code: 'store_unavailable', message: 'not now' });
const setUp = (more: Partial<Backoff> = {}) => {
  const waits: number[] = [];
  const failures: number[] = [];
  const backoff: Backoff = {
    attempts: 5,
    first: 100,
    most: 1_000,
    random: () => 0.5,
    wait: async (ms) => void waits.push(ms),
    ...more,
  };
  return { waits, failures, backoff, note: (_: unknown, attempt: number) => void failures.push(attempt) };
};

describe('retryWithBackoff', () => {
  it('tries again until it works, waiting longer each time up to the bound', async () => {
    const { waits, failures, backoff, note } = setUp({ attempts: Number.POSITIVE_INFINITY });
    let left = 6;
    const work = async () => {
      if (left-- > 0) throw passing();
      return 'done';
    };
    expect(await retryWithBackoff(work, backoff, note)).toBe('done');
    expect(waits).toEqual([50, 100, 200, 400, 500, 500]);
    expect(failures).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('gives up with the last error after its attempts', async () => {
    const { waits, failures, backoff, note } = setUp({ attempts: 3 });
    await expect(retryWithBackoff(() => Promise.reject(passing()), backoff, note)).rejects.toThrow('not now');
    expect(failures).toEqual([1, 2, 3]);
    expect(waits).toHaveLength(2);
  });

  it.each([
    ['a bug', new TypeError('x is undefined')],
    ['wrong SQL', new MillraceError({ code: 'internal', message: 'syntax' })],
    ['a refusal', new MillraceError({ code: 'unsupported_format', message: 'newer' })],
  ])('does not retry %s', async (_, error) => {
    const { waits, backoff, note } = setUp();
    await expect(retryWithBackoff(() => Promise.reject(error), backoff, note)).rejects.toBe(error);
    expect(waits).toEqual([]);
  });

  it('ends when the wait is cut', async () => {
    const { backoff, note } = setUp({ wait: () => Promise.reject(new Error('stopping')) });
    await expect(retryWithBackoff(() => Promise.reject(passing()), backoff, note)).rejects.toThrow(
      'stopping',
    );
  });
});
