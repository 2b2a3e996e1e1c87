import type { Formats } from '../../format/formats.ts';
import type { Scale } from '../axis/scale.ts';
import type { Inks } from '../ink/inks.ts';
import { createBands, writeBands } from '../trace/bands.ts';
import type { ChartKind, TraceSet } from '../trace/trace.ts';

/** How the now line is drawn: the state of the data beside it. A closed range has none. */
export type EdgeMode = 'live' | 'waiting' | 'stale' | 'paused' | 'closed';

/** A time in a plot, epoch ms. */
export interface MarkedTime {
  from: number;
  to: number;
  /** What the axis says below it; empty for nothing. */
  label: string;
}

/** What a plot shows now; read again for each frame. */
export interface PlotState {
  data: TraceSet;
  kind: ChartKind;
  /** Without axes and labels. */
  spark: boolean;
  range: number;
  /** Time of the now edge, epoch ms. */
  edge: number;
  mode: EdgeMode;
  /** `step`: distance of the ticks that the value is read beside, 0 or absent for none. */
  format: (value: number | null, step?: number) => string;
  formats: Formats;
  inks: Inks;
  /** A time that is marked, epoch ms; it moves with the data. */
  marked?: MarkedTime | null;
  /** Grows when traces changed their colour. */
  palette: number;
}

/** The state with values as precise as a scale needs. */
export const besideScale = (state: PlotState, { ticks }: Pick<Scale, 'ticks'>): PlotState => ({
  ...state,
  format: (value) => state.format(value, (ticks[1] ?? 0) - (ticks[0] ?? 0)),
});

/** The newest closed window that the edge has reached, plus one. */
export const closedAt = ({ data, edge }: PlotState): number =>
  Math.min(data.closed, data.times.length > 0 ? data.times.indexAt(edge) : 0);

export const openAt = ({ data, edge }: PlotState): number =>
  Math.min(data.end, data.times.length > 0 ? data.times.indexAt(edge) + 1 : 0);

/** Returns the lowest and highest point in the visible windows; [NaN, NaN] when there is none. A stack counts as its sums, an earlier range as well. */
export function extentOf(state: PlotState): [number, number] {
  const { data, range, edge } = state;
  let low = Number.NaN;
  let high = Number.NaN;
  if (data.times.length === 0) return [low, high];
  const bands = createBands(data.traces.length);
  function include(value: number): void {
    if (Number.isNaN(value)) return;
    if (!(low <= value)) low = value;
    if (!(high >= value)) high = value;
  }
  const from = data.times.indexAt(edge - range);
  const to = Math.max(closedAt(state), state.spark ? 0 : openAt(state));
  for (let i = Math.max(data.first, from); i < to; i++) {
    writeBands(data, i, bands);
    for (const value of bands.top) include(value);
    for (const line of data.earlier) include(line.value(i));
  }
  return [low, high];
}
