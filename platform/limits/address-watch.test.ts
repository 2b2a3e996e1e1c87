import { describe, expect, it } from 'vitest';
import { createAddressWatch } from './address-watch.ts';

const RATES = { requests: 1_000, events: 1e9, bytes: 1e9 };

/** Requests of one address, evenly spread over `seconds`; how many were served, and how many of the rest were answered. */
function send(perSecond: number, seconds: number, from = 0) {
  const watch = createAddressWatch(RATES);
  const outcome = { served: 0, refused: 0, cutOff: 0 };
  for (let i = 0; i < perSecond * seconds; i++) {
    const now = from + (i * 1_000) / perSecond;
    if (watch.isCutOff('a', now)) {
      outcome.cutOff++;
    } else if (watch.accept('a', now) === null) {
      outcome.served++;
    } else {
      outcome.refused++;
      watch.refused('a', now);
    }
  }
  return outcome;
}

describe('an address', () => {
  it('within its limit is served whole', () => {
    expect(send(900, 10)).toEqual({ served: 9_000, refused: 0, cutOff: 0 });
  });

  it('somewhat above it is served up to it, refused with an answer each time, and never cut off', () => {
    const { served, refused, cutOff } = send(1_800, 10);
    expect(served).toBeGreaterThanOrEqual(10_000);
    expect(served).toBeLessThanOrEqual(10_250);
    expect(refused).toBe(18_000 - served);
    expect(cutOff).toBe(0);
  });

  it('far above it gets less than one that keeps to it, and hardly an answer', () => {
    const { served, refused, cutOff } = send(20_000, 10);
    expect(served).toBeLessThan(1_000);
    expect(refused).toBeLessThan(2_000);
    expect(cutOff).toBeGreaterThan(197_000);
  });

  it('that was cut off is served again a second later, where it has stopped', () => {
    const watch = createAddressWatch(RATES);
    for (let i = 0; i < 10_000; i++) {
      if (watch.accept('a', 0) !== null) watch.refused('a', 0);
    }
    expect([watch.isCutOff('a', 999), watch.accept('a', 999)?.code]).toEqual([true, 'too_many_requests']);
    expect(watch.isCutOff('b', 999)).toBe(false);
    expect([watch.isCutOff('a', 1_001), watch.accept('a', 1_001)]).toEqual([false, null]);
  });
});
