import type { ViewInfo } from '#contracts/view/view.ts';
import type { Trace, TraceSet } from '../../charts/trace/trace.ts';
import type { RangeFigure } from './range-figure.ts';

/** The figure of a stat, what it was before, and how much of the difference is ordinary. */
export interface Stat extends RangeFigure {
  /** What the figure is: a sum, a rate, or one value that its parts do not add up to. */
  subject: 'sum' | 'rate' | 'value';
  /** Standard error of the difference: what the variation of the windows explains. */
  error: number;
  /** Until when events are counted, where that is not now; null elsewhere. */
  counted: number | null;
}

const SUBJECTS: Record<ViewInfo['adds'], Stat['subject']> = {
  windows: 'sum',
  groups: 'rate',
  nothing: 'value',
};

/** Judges a figure by the windows of the small line beside it. `edge` is the time that the line ends at. */
export function statOf(
  figure: RangeFigure,
  data: TraceSet,
  { adds, edge, behind }: { adds: ViewInfo['adds']; edge: number; behind: number },
): Stat {
  const subject = SUBJECTS[adds];
  const { times, closed, first } = data;
  const until = times.startOf(closed);
  const isBehind = closed > first && until + times.length + behind < Math.min(edge, figure.to);
  return { ...figure, subject, error: errorOf(data, subject), counted: isBehind ? until : null };
}

/**
 * Returns the standard error of the difference of two ranges whose windows vary like these. The variation is that from one window
 * to the next (von Neumann 1941): a step within the range, which may be the very difference, does not count as ordinary.
 */
function errorOf(data: TraceSet, subject: Stat['subject']): number {
  const trace = data.traces[0];
  if (trace === undefined) return 0;
  const values: number[] = [];
  for (let i = data.first; i < data.closed; i++) {
    const value = data.value(trace, i);
    if (!Number.isNaN(value)) values.push(value);
  }
  if (values.length < 2) return 0;
  const steps = values.slice(1).map((value, i) => (value - values[i]!) ** 2 / 2);
  const error = Math.sqrt((2 * meanOf(steps)) / values.length);
  return subject === 'sum' ? error * values.length : error;
}

/** Returns the data with the one trace that a stat shows the figure of: further lines would have no name. */
export const firstOf = <D extends TraceSet>(data: D): D =>
  Object.create(data, { traces: { get: (): Trace[] => data.traces.slice(0, 1) }, earlier: { value: [] } });

/** The arithmetic mean; NaN of nothing. A sum that no double holds is avoided: the mean of finite values is finite. */
export function meanOf(values: readonly number[]): number {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  return Number.isFinite(mean) || n === 0 ? mean : values.reduce((sum, value) => sum + value / n, 0);
}
