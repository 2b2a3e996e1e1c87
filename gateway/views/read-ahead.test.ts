import { describe, expect, it } from 'vitest';
import { readAhead } from './read-ahead.ts';

/** A source that notes what it was asked for, and when it was ended. */
async function* counting(
  to: number,
  noted: string[],
  failsAt = Number.POSITIVE_INFINITY,
): AsyncGenerator<number> {
  try {
    for (let i = 0; i < to; i++) {
      noted.push(`made ${i}`);
      if (i === failsAt) throw new Error('no page');
      yield i;
    }
  } finally {
    noted.push('ended');
  }
}

describe('reading ahead', () => {
  it('has the next made while the last is dealt with, and no more', async () => {
    const noted: string[] = [];
    for await (const page of readAhead(counting(3, noted))) noted.push(`got ${page}`);
    expect(noted).toEqual(['made 0', 'made 1', 'got 0', 'made 2', 'got 1', 'ended', 'got 2']);
  });

  it('fails when the turn of what failed has come', async () => {
    const noted: string[] = [];
    const read = async (): Promise<void> => {
      for await (const page of readAhead(counting(5, noted, 1))) noted.push(`got ${page}`);
    };
    await expect(read()).rejects.toThrow('no page');
    expect(noted).toContain('got 0');
  });

  it('ends the source where the reader stops', async () => {
    const noted: string[] = [];
    for await (const page of readAhead(counting(9, noted))) if (page === 1) break;
    expect(noted).toEqual(['made 0', 'made 1', 'made 2', 'ended']);
  });

  it('lets a failure pass that nobody waits for', async () => {
    const noted: string[] = [];
    for await (const page of readAhead(counting(9, noted, 1))) if (page === 0) break;
    expect(noted.at(-1)).toBe('ended');
  });
});
