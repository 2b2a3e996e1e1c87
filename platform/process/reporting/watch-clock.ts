import type { Clock } from '../clock.ts';
import type { Metrics } from './metrics.ts';
import type { Warnings } from './warnings.ts';

const EVERY = 1_000;
/** Clocks are corrected by less all the time, ms. */
const SLACK = 5_000;

/**
 * Warns while the clock is behind the latest time that it has shown: what is received now counts as late in metrics whose
 * windows have moved on, though it is stored. Returns a function that stops it.
 */
export function watchClock(
  clock: Clock,
  { metrics, warnings }: { metrics: Pick<Metrics, 'set'>; warnings: Pick<Warnings, 'raise' | 'clear'> },
): () => void {
  let latest = clock();
  const look = (): void => {
    const now = clock();
    latest = Math.max(latest, now);
    const behind = latest - now <= SLACK ? 0 : Math.round((latest - now) / 1_000);
    metrics.set('millrace_clock_behind_seconds', behind);
    if (behind === 0) warnings.clear('clock_behind');
    else
      warnings.raise(
        'clock_behind',
        `The clock of a process was set back and is ${behind} s behind the latest time it has shown. Until it has caught up, events that are dated by it arrive too late for windows that have closed meanwhile: they are stored, but not counted there.`,
      );
  };
  look();
  const timer = setInterval(look, EVERY).unref();
  return () => clearInterval(timer);
}
