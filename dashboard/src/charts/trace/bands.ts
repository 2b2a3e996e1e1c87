import type { TraceSet } from './trace.ts';

/** The extent of each trace in one window, one entry for each trace: from `base` to `top`, in the metric's unit; NaN for no value. */
export interface Bands {
  base: Float64Array;
  top: Float64Array;
}

/** Whether traces are filled down to their base. Several fills that all begin at zero would mix their colours, so those are lines and steps. */
export const isFilled = ({ stacked, traces }: Pick<TraceSet, 'stacked' | 'traces'>): boolean =>
  stacked || traces.length <= 1;

export const createBands = (traces: number): Bands => ({
  base: new Float64Array(traces),
  top: new Float64Array(traces),
});

/**
 * Writes the bands of a window into `out`. Unstacked, each trace begins at zero. Stacked, each begins at the top of the one
 * before; values below zero are stacked downwards from zero, so that each band is as high as its value. A missing value is
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
