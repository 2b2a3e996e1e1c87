import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createServerClock } from './server-clock.ts';

it('is off by at most half the difference between the two ways of the fastest trip', () => {
  const delays = fc.array(
    fc.record({ there: fc.integer({ min: 1, max: 500 }), back: fc.integer({ min: 1, max: 500 }) }),
    {
      minLength: 1,
      maxLength: 8,
    },
  );
  fc.assert(
    fc.property(delays, fc.integer({ min: -1e9, max: 1e9 }), (trips, offset) => {
      const clock = createServerClock();
      for (const [i, { there, back }] of trips.entries()) {
        const sent = 1e12 + i * 1_000;
        clock.heartbeat(sent + offset, sent + back);
        clock.measured(there + back);
      }
      const fastest = Math.min(...trips.map((t) => t.back));
      const roundTrip = Math.min(...trips.map((t) => t.there + t.back));
      expect(Math.abs(clock.offset - offset)).toBeLessThanOrEqual(Math.abs(roundTrip / 2 - fastest));
    }),
  );
});

it('forgets a step of the clock within a minute of heartbeats, and keeps its estimate across connections', () => {
  const clock = createServerClock();
  expect(clock.offset).toBe(0);
  clock.heartbeat(5_000, 0);
  clock.reset();
  expect(clock.offset).toBe(5_000);
  for (let i = 0; i < 60; i++) clock.heartbeat(i, i);
  expect(clock.offset).toBe(0);
});
