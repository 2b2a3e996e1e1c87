import { createBands, writeBands } from '../trace/bands.ts';
import { closedAt, openAt, type PlotState } from './plot-state.ts';

/** Lowest and highest point in the visible windows; [NaN, NaN] when there is none. A stack counts as its sums. */
export function extentOf(state: PlotState): [number, number] {
  const { data, range, edge } = state;
  let low = Number.NaN;
  let high = Number.NaN;
  if (data.window === 0) return [low, high];
  const bands = createBands(data.traces.length);
  const from = Math.floor((edge - range) / data.window);
  const to = Math.max(closedAt(state), state.spark ? 0 : openAt(state));
  for (let i = Math.max(data.first, from); i < to; i++) {
    writeBands(data, i, bands);
    for (const value of bands.top) {
      if (Number.isNaN(value)) continue;
      if (!(low <= value)) low = value;
      if (!(high >= value)) high = value;
    }
  }
  return [low, high];
}
