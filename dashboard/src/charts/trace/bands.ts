import type { TraceSet } from './trace.ts';

/** Where each trace stands in one window, one entry a trace: from `base` to `top`, in the metric's unit; NaN for no value. */
export interface Bands {
  base: Float64Array;
  top: Float64Array;
}

/** Whether there is colour down to where traces stand. Several that all stand on zero would mix to mud: they are lines and steps. */
export const isFilled = ({ stacked, traces }: Pick<TraceSet, 'stacked' | 'traces'>): boolean =>
  stacked || traces.length <= 1;

export const createBands = (traces: number): Bands => ({
  base: new Float64Array(traces),
  top: new Float64Array(traces),
});

/**
 * Writes the bands of a window into `out`. Unstacked, each trace stands on zero. Stacked, they stand on each other in
 * their order, values below zero hang from zero on their own, so that each band is as high as its value. No value is a
 * zero only where the metric says so: elsewhere the sum is unknown, and the whole stack has a hole.
 */
export function writeBands(data: TraceSet, index: number, out: Bands): void {
  const { traces } = data;
  let known = 0;
  for (let t = 0; t < traces.length; t++) {
    const value = data.value(traces[t]!, index);
    out.base[t] = 0;
    out.top[t] = value;
    if (!Number.isNaN(value)) known++;
  }
  if (!data.stacked) return;
  if (known === 0 || (known < traces.length && !data.zero)) {
    out.base.fill(Number.NaN);
    out.top.fill(Number.NaN);
    return;
  }
  pile(data, out);
}

function pile({ traces }: TraceSet, out: Bands): void {
  let above = 0;
  let below = 0;
  for (let t = 0; t < traces.length; t++) {
    const value = out.top[t]! || 0;
    // A zero stays on the side of its trace, else a band below zero would leap to the top where nothing came.
    const hangs = value < 0 || (value === 0 && traces[t]!.hangs === true);
    const base = hangs ? below : above;
    out.base[t] = base;
    out.top[t] = base + value;
    if (hangs) below += value;
    else above += value;
  }
}
