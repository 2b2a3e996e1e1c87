import { describe, expect, it } from 'vitest';
import type { Heartbeat } from '#client/types.ts';
import { advance, BEHIND, countedTo, isStale } from './staleness.ts';

describe('stale', () => {
  it('begins when asOf has stood still for three seconds', () => {
    const last = { asOf: 5, since: 100_000 };
    expect(isStale(last, 102_999, 0)).toBe(false);
    expect(isStale(last, 103_000, 0)).toBe(true);
  });

  it('waits for two beats where beats are slow', () => {
    expect(isStale({ asOf: 5, since: 100_000 }, 107_000, 0, 4_000)).toBe(false);
    expect(isStale({ asOf: 5, since: 100_000 }, 108_000, 0, 4_000)).toBe(true);
  });

  it('gives a tab that is shown again ten seconds', () => {
    expect(isStale({ asOf: 5, since: 100_000 }, 509_999, 500_000)).toBe(false);
    expect(isStale({ asOf: 5, since: 100_000 }, 510_000, 500_000)).toBe(true);
  });

  it('is not said of a view that never was complete', () => {
    expect(isStale({ asOf: null, since: 0 }, 1e9, 0)).toBe(false);
  });
});

describe('advance', () => {
  it('counts from the last time asOf grew, not from the last message', () => {
    const first = advance({ asOf: null, since: 0 }, 10, 1_000);
    expect(advance(first, 10, 2_000)).toEqual({ asOf: 10, since: 1_000 });
    expect(advance(first, 9, 2_000)).toEqual({ asOf: 10, since: 1_000 });
    expect(advance(first, null, 2_000)).toEqual({ asOf: 10, since: 1_000 });
    expect(advance(first, 11, 3_000)).toEqual({ asOf: 11, since: 3_000 });
  });
});

const heartbeat = (watermark: number | null): Pick<Heartbeat, 'time' | 'status'> => ({
  time: 1_000_000,
  status: {
    ingestRate: 5,
    rejectedRate: 0,
    lag: 3,
    watermark,
    lateShare: 0,
    viewers: 1,
    events: 7,
  },
});

it.each([
  [null, null],
  [heartbeat(null), null],
  [heartbeat(1_000_000 - BEHIND), null],
  [heartbeat(1_000_500), null],
  [heartbeat(900_000), 900_000],
])('%#: says until when all is counted where that is a while ago', (last, until) => {
  expect(countedTo(last)).toBe(until);
});
