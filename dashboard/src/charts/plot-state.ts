import type { ChartKind } from './chart-kind.ts';
import type { Inks } from './inks.ts';
import type { TraceSet } from './trace.ts';

/** How the now line is drawn: the state of the data beside it. */
export type EdgeMode = 'live' | 'waiting' | 'stale' | 'paused';

/** What a plot shows now; read anew for each frame. */
export interface PlotState {
  data: TraceSet;
  kind: ChartKind;
  /** Without axes and labels. */
  spark: boolean;
  range: number;
  /** Time of the now edge, epoch ms. */
  edge: number;
  mode: EdgeMode;
  format: (value: number | null) => string;
  inks: Inks;
  /** Grows when traces changed their colour. */
  palette: number;
}

/** The newest closed window that the edge has reached, plus one. */
export const closedAt = ({ data, edge }: PlotState): number =>
  Math.min(data.closed, data.window > 0 ? Math.floor(edge / data.window) : 0);

export const openAt = ({ data, edge }: PlotState): number =>
  Math.min(data.end, data.window > 0 ? Math.floor(edge / data.window) + 1 : 0);
