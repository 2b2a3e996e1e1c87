import type { TraceSet } from '../charts/trace.ts';

export interface Stat {
  /** The newest closed window; null for no value. */
  value: number | null;
  /** The window one range earlier; null when that is not known. */
  before: number | null;
}

/** A stat shows the newest closed window of its view, as of `now`. */
export function statOf(data: TraceSet, now: number, range: number): Stat {
  const trace = data.traces[0];
  if (trace === undefined || data.window === 0) return { value: null, before: null };
  const index = Math.min(data.closed, Math.floor(now / data.window)) - 1;
  const earlier = index - Math.round(range / data.window);
  const at = (i: number): number | null => {
    const value = data.value(trace, i);
    return Number.isNaN(value) ? null : value;
  };
  return { value: at(index), before: earlier >= data.first ? at(earlier) : null };
}
