import type { TraceSet } from '../charts/trace.ts';
import { type Comparison, compareRanges } from './compare-ranges.ts';

export interface Stat {
  /** The newest closed window; null for no value. */
  value: number | null;
  /** The range up to it against the range before; null where no window is closed. */
  comparison: Comparison | null;
  /** Whether `value` is of the open window, since nothing was before it. */
  open: boolean;
}

/** A stat shows the newest closed window of its view, as of `now`; the open one where that is all there is. */
export function statOf(data: TraceSet, now: number, range: number): Stat {
  const trace = data.traces[0];
  if (trace === undefined || data.window === 0) return { value: null, comparison: null, open: false };
  const newest = Math.min(data.closed, Math.floor(now / data.window)) - 1;
  const comparison = compareRanges(data, trace, newest, Math.max(1, Math.floor(range / data.window)));
  const value = data.value(trace, newest);
  const current = data.end - 1 > newest ? data.value(trace, data.end - 1) : Number.NaN;
  // Zeros before the first event are no values to show instead of it.
  if (current && !value && !comparison.now && !comparison.before)
    return { value: current, comparison: null, open: true };
  return { value: Number.isNaN(value) ? null : value, comparison, open: false };
}

/** The data with the one trace whose figure a stat shows: more lines would have no name beside it. */
export const firstOf = <D extends TraceSet>(data: D): D =>
  Object.create(data, { traces: { get: () => data.traces.slice(0, 1) } });
