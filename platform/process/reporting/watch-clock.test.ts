import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { createWarnings } from './warnings.ts';
import { watchClock } from './watch-clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('warns while the clock is behind what it showed, and not for small corrections', async () => {
  let now = 10_000_000;
  const warnings = createWarnings({ clock: () => now, logger: createLogger('silent', 'test') });
  const metrics = createMetrics(false);
  const stop = watchClock(() => now, { metrics, warnings });
  const look = (by: number): string[] => {
    now += by;
    vi.advanceTimersByTime(1_000);
    return warnings.list().map(({ code }) => code);
  };
  expect(look(1_000)).toEqual([]);
  expect(look(-4_000)).toEqual([]);
  expect(look(-3_600_000)).toEqual(['clock_behind']);
  expect(await metrics.read('millrace_clock_behind_seconds')).toBe(3_604);
  expect(warnings.list()[0]!.message).toContain('3604 s behind');
  expect(look(3_000_000)).toEqual(['clock_behind']);
  expect(look(604_000)).toEqual([]);
  expect(await metrics.read('millrace_clock_behind_seconds')).toBe(0);
  stop();
});
