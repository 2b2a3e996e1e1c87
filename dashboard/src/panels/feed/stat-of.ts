import type { ViewInfo } from '#contracts/view/view.ts';
import type { Trace, TraceSet } from '../../charts/trace/trace.ts';

/**
 * What the figure of a stat is, as are its label and its difference: the sum of a range where windows add up; the rate over a
 * range, which is the mean of the rates of its windows; otherwise one window, since the value of a range does not follow from
 * those of its windows.
 */
export type StatSubject = 'sum' | 'rate' | 'window';

export interface Stat {
  subject: StatSubject;
  /** The time that the figure is of, epoch ms: closed windows only. */
  from: number;
  to: number;
  /** How much earlier the compared range or window is, ms. */
  ago: number;
  /** Null for no value. */
  value: number | null;
  /** The same of the range before, or of the window `ago` ms before; null for no value. */
  before: number | null;
  /** Standard error of the difference: what the variation of the windows explains. */
  error: number;
  /** When the metric began, as far as the view reaches, where that is too late for a comparison; null elsewhere. */
  began: number | null;
  /** Whether all there is came in the open window, which is in the figure then. */
  open: boolean;
}

export interface StatOptions {
  now: number;
  range: number;
  adds: ViewInfo['adds'];
}

/** The figure of a panel as of `now`, and what it was before; null before there is a view. */
export function statOf(data: TraceSet, { now, range, adds }: StatOptions): Stat | null {
  const trace = data.traces[0];
  const { window } = data;
  if (window === 0) return null;
  const count = Math.max(1, Math.floor(range / window));
  const subject = SUBJECTS[adds];
  const end = Math.min(data.closed, Math.floor(now / window));
  const wide = subject === 'window' ? 1 : count;
  const stat = { subject, from: (end - wide) * window, to: end * window, ago: count * window };
  if (trace === undefined) return { ...stat, value: null, before: null, error: 0, began: null, open: false };
  const earlier = end - wide - count;
  const read = (first: number): number[] => valuesOf(data, trace, first, first + wide);
  const begins = beginOf(data, trace);
  const open = begins !== null && begins >= end;
  const lasting =
    subject === 'sum' ? valuesOf(data, trace, end, data.end) : [data.value(trace, data.end - 1)];
  return {
    ...stat,
    value: figureOf(open ? lasting : read(end - wide), subject),
    before: earlier < data.first ? null : figureOf(read(earlier), subject),
    error: errorOf(data, trace, { end, count, subject }),
    began: begins !== null && begins > earlier ? begins * window : null,
    open,
  };
}

const SUBJECTS: Record<ViewInfo['adds'], StatSubject> = { windows: 'sum', groups: 'rate', nothing: 'window' };

function valuesOf(data: TraceSet, trace: Trace, first: number, end: number): number[] {
  const values: number[] = [];
  for (let i = Math.max(first, data.first); i < end; i++) values.push(data.value(trace, i));
  return values;
}

function figureOf(all: readonly number[], subject: StatSubject): number | null {
  const values = all.filter((value) => !Number.isNaN(value));
  if (values.length === 0) return null;
  if (subject !== 'sum') return meanOf(values);
  const sum = values.reduce((a, b) => a + b, 0);
  return Number.isFinite(sum) ? sum : meanOf(values) * values.length;
}

/** Returns the standard error of the difference: of two means (Welch), `count` times that for sums, or of two single windows. */
function errorOf(
  data: TraceSet,
  trace: Trace,
  { end, count, subject }: { end: number; count: number; subject: StatSubject },
): number {
  const [now, before] = [end - count, end - 2 * count].map((first) =>
    spreadOf(valuesOf(data, trace, first, first + count).filter((value) => !Number.isNaN(value))),
  ) as [Spread, Spread];
  // The earlier variation is the ordinary one: the newer may come from the very difference.
  if (subject === 'window') return Math.sqrt(2 * (before.n < 2 ? now : before).variance);
  const error = Math.sqrt(now.variance / Math.max(1, now.n) + before.variance / Math.max(1, before.n));
  return subject === 'sum' ? error * count : error;
}

interface Spread {
  n: number;
  variance: number;
}

function spreadOf(values: readonly number[]): Spread {
  const n = values.length;
  if (n < 2) return { n, variance: 0 };
  const mean = meanOf(values);
  return { n, variance: values.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1) };
}

/** The first window of the view that holds something; null where none does. */
function beginOf(data: TraceSet, trace: Trace): number | null {
  for (let i = data.first; i < data.end; i++) if (!Number.isNaN(trace.ring.get(i))) return i;
  return null;
}

/** Returns the data with the one trace that a stat shows the figure of: further lines would have no name. */
export const firstOf = <D extends TraceSet>(data: D): D =>
  Object.create(data, { traces: { get: () => data.traces.slice(0, 1) } });

/** The arithmetic mean; NaN of nothing. A sum that no double holds is avoided: the mean of finite values is finite. */
export function meanOf(values: readonly number[]): number {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  return Number.isFinite(mean) || n === 0 ? mean : values.reduce((sum, value) => sum + value / n, 0);
}
