import type { TraceSet } from './trace.ts';

export interface Gap {
  /** Window numbers [from, to) without a value in any trace, with values on both sides. */
  from: number;
  to: number;
}

const LEAST = 3;

/** Holes of at least three windows between values. Only where an empty window means no value. */
export function findGaps(data: TraceSet, from: number, to: number): Gap[] {
  if (data.zero) return [];
  const gaps: Gap[] = [];
  let last = -1;
  for (let i = from; i < to; i++) {
    if (!data.traces.some((trace) => !Number.isNaN(data.value(trace, i)))) continue;
    if (last >= 0 && i - last - 1 >= LEAST) gaps.push({ from: last + 1, to: i });
    last = i;
  }
  return gaps;
}
