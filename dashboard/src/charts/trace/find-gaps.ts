import type { TraceSet } from './trace.ts';

export interface Gap {
  /** Window numbers [from, to) without a value in any trace, after one with a value. */
  from: number;
  to: number;
}

const LEAST = 3;

/** Holes of at least three windows after a value, also at the end. Only where an empty window means no value. */
export function findGaps(data: TraceSet, from: number, to: number): Gap[] {
  if (data.zero) return [];
  const gaps: Gap[] = [];
  let last = -1;
  for (let i = from; i < to; i++) {
    if (!data.traces.some((trace) => !Number.isNaN(data.value(trace, i)))) continue;
    if (last >= 0 && i - last - 1 >= LEAST) gaps.push({ from: last + 1, to: i });
    last = i;
  }
  if (last >= 0 && to - last - 1 >= LEAST) gaps.push({ from: last + 1, to });
  return gaps;
}
