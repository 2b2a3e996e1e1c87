import { formatClock, formatMoment } from '../../format/format-time.ts';
import type { ChartKind } from '../trace/chart-kind.ts';

/** The window that a time reads, of whatever length: the one that ends at it or goes on over it. A line has its value there. */
export const windowAt = (window: number, time: number): number => Math.ceil(time / window - 1e-9) - 1;

/** The reading time of a window: its end where a line has its value, the middle of its bar. */
export const timeOfWindow = (kind: ChartKind, window: number, index: number): number =>
  (index + (kind === 'bars' ? 0.5 : 1)) * window;

/** The reading time nearest to `time` that a plot has. */
export function snapTime(kind: ChartKind, window: number, time: number): number {
  const index = kind === 'bars' ? Math.floor(time / window) : Math.round(time / window) - 1;
  return timeOfWindow(kind, window, index);
}

/** What a plot reads at a time, in words: the moment of a line's value, from when to when a bar counts. */
export function momentWords(kind: ChartKind, window: number, time: number, now: number): string {
  const index = windowAt(window, time);
  const end = (index + 1) * window;
  if (kind !== 'bars') return formatMoment(end, now);
  return `${formatMoment(index * window, now)}–${formatClock(end)}`;
}
