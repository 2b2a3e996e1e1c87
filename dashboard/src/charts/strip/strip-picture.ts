import type { Scale } from '../axis/scale.ts';
import type { Inks } from '../ink/inks.ts';
import type { ChartKind, TraceSet } from '../trace/trace.ts';
import type { WindowColumns } from './strip-columns.ts';

/** What a strip shows. */
export interface StripPicture {
  data: TraceSet;
  kind: ChartKind;
  scale: Scale;
  inks: Inks;
  /** Where windows are, in device pixels. */
  columns: WindowColumns;
  /** Absolute column of the now edge. */
  edge: number;
  /** Windows from this one on are not on the strip: they are open. */
  until: number;
  /** The finer stroke of a sparkline. */
  thin: boolean;
}

/** What each kind of chart draws with: windows from `from` on, onto a canvas with its left end at the absolute column `base`. */
export interface StripBrush {
  picture: StripPicture;
  from: number;
  base: number;
  ratio: number;
  /** The y of a value in device pixels from the top of the strip. */
  yOf(value: number): number;
}

/** Opacity of the series' colour below the stroke of an area or the cap of a bar. */
export const FILL_ALPHA = 0.24;
