import type { Filled } from '#contracts/view/backfill-progress.ts';
import { apply, type Cursor, emptyContents } from '#contracts/view/frame.ts';
import type { OpenedView } from '../../views/view-service.ts';
import { writeToken } from './series-token.ts';

/** The answer of GET /v1/metrics/:id/series. Times are epoch ms. */
export interface SeriesAnswer {
  metric: string;
  version: number;
  window: number;
  cursor: Cursor;
  watermark: number | null;
  asOf: number | null;
  /** How many partitions have back-filled their history, of all; until all have, values may still grow. */
  filled: Filled;
  /** Whether this is the whole range, or only what changed since `since`. */
  full: boolean;
  /** The range: start of its first and end of its last window. */
  start: number;
  end: number;
  /** Starts of the windows of the values, ascending: all of the range, or those with a change. */
  panes: number[];
  /** Those of them that are open: their values still change. */
  open: number[];
  /** Those in which named values are lower bounds. */
  partial: number[];
  /** Those in which a value exceeds every double; it is null, whatever an empty window means. */
  overflow: number[];
  /** One entry for each group and output, one value for each pane; null for no value. Counts and sums are zero where nothing happened. */
  series: { group: Record<string, string>; output: string; values: (number | null)[] }[];
  /** The next `since`. The last field, so that a shell finds it. */
  next: string;
}

export function answerSeries({ live, info, epoch, to, change, whole }: OpenedView): SeriesAnswer {
  const full = change.snapshot === true;
  const contents = emptyContents();
  apply(contents, { epoch, from: to, to, views: [whole] }, whole);
  const changed = new Set(change.series);
  const shown = [...contents.series].filter(([number]) => full || changed.has(number));
  const { metric, version, window } = info;
  const { start, end, watermark, asOf, partial } = change;
  // Snapshots and resumed views always carry it.
  const filled = whole.filled!;
  const panes = full ? windowsOf(start, end, window) : change.windows;
  const empty = info.empty === 'zero' ? 0 : null;
  const series = shown.flatMap(([, { group, cells }]) =>
    info.outputs.map((output, i) => ({
      group: Object.fromEntries(info.groupBy.map((dimension, d) => [dimension, group[d]!])),
      output,
      values: panes.map((pane) => {
        const values = cells.get(pane);
        return values === undefined ? empty : values[i]!;
      }),
    })),
  );
  const isBeyond = (pane: number) =>
    shown.some(([, { cells }]) => cells.get(pane)?.every((value) => value === null));
  const overflow = panes.filter(isBeyond);
  const open = panes.filter((pane) => watermark === null || pane + window > watermark);
  const cursor = { epoch, offset: to };
  const next = writeToken({ cursor: { ...cursor, end }, version, view: live.id });
  return {
    metric,
    version,
    window,
    cursor,
    watermark,
    asOf,
    filled,
    full,
    start,
    end,
    panes,
    open,
    partial,
    overflow,
    series,
    next,
  };
}

function windowsOf(start: number, end: number, size: number): number[] {
  const panes: number[] = [];
  for (let pane = start; pane < end; pane += size) panes.push(pane);
  return panes;
}
