import { closedAt, openAt, type PlotState } from './plot-state.ts';
import { stackTop } from './strip.ts';

/** Lowest and highest value in the visible windows; [NaN, NaN] when there is none. Stacks count as their sum. */
export function extentOf(state: PlotState): [number, number] {
  const { data, kind, range, edge } = state;
  let low = Number.NaN;
  let high = Number.NaN;
  const take = (value: number): void => {
    if (Number.isNaN(value)) return;
    if (!(low <= value)) low = value;
    if (!(high >= value)) high = value;
  };
  if (data.window === 0) return [low, high];
  const from = Math.floor((edge - range) / data.window);
  const to = Math.max(closedAt(state), state.spark ? 0 : openAt(state));
  for (let i = Math.max(data.first, from); i < to; i++) {
    if (kind === 'bars') take(stackTop(data, data.traces, i));
    else for (const trace of data.traces) take(data.value(trace, i));
  }
  return [low, high];
}
