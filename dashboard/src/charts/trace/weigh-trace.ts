import type { ViewInfo } from '#contracts/view/view.ts';
import type { Trace, TraceSet } from './trace.ts';

/** How much of the picture a trace takes: its total over the known windows where values add, else its mean. Signed. */
export function weighTrace(data: TraceSet, { ring }: Trace, { adds }: Pick<ViewInfo, 'adds'>): number {
  let sum = 0;
  let count = 0;
  for (let i = data.first; i < data.end; i++) {
    const value = ring.get(i);
    if (!Number.isFinite(value)) continue;
    sum += value;
    count++;
  }
  return adds === 'nothing' && count > 0 ? sum / count : sum;
}
