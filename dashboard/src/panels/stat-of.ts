import type { TraceSet } from '../charts/trace.ts';

export interface Stat {
  /** The newest closed window; null for no value. */
  value: number | null;
  /** Mean and standard deviation of the windows before it in the range; null below three windows. */
  usual: { mean: number; deviation: number } | null;
  /** Whether `value` is of the open window, since nothing was before it. */
  open: boolean;
}

const LEAST = 3;

/** A stat shows the newest closed window of its view, as of `now`; the open one where that is all there is. */
export function statOf(data: TraceSet, now: number, range: number): Stat {
  const trace = data.traces[0];
  if (trace === undefined || data.window === 0) return { value: null, usual: null, open: false };
  const newest = Math.min(data.closed, Math.floor(now / data.window)) - 1;
  const oldest = Math.max(data.first, Math.ceil((now - range) / data.window));
  const values: number[] = [];
  for (let i = oldest; i < newest; i++) {
    const value = data.value(trace, i);
    // Zeros before the first event are not history.
    if (!Number.isNaN(value) && (value !== 0 || values.length > 0)) values.push(value);
  }
  const value = data.value(trace, newest);
  const current = data.end - 1 > newest ? data.value(trace, data.end - 1) : Number.NaN;
  if (values.length === 0 && !(value !== 0 && !Number.isNaN(value)) && current)
    return { value: current, usual: null, open: true };
  return {
    value: Number.isNaN(value) ? null : value,
    usual: values.length < LEAST ? null : usualOf(values),
    open: false,
  };
}

function usualOf(values: readonly number[]): Stat['usual'] {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}
