import { apply, type Cursor, emptyContents } from '#contracts/frame.ts';
import type { OpenedView } from '../view-desk.ts';

/** The answer of GET /v1/metrics/:id/series. Times are epoch ms. */
export interface SeriesAnswer {
  metric: string;
  version: number;
  window: number;
  cursor: Cursor;
  watermark: number | null;
  asOf: number | null;
  /** Starts of the windows, ascending. */
  panes: number[];
  /** Of them, those in which named values are lower bounds. */
  partial: number[];
  /** One entry a group and output; a value a window, null for no value. Counts and sums are zero where nothing happened. */
  series: { group: Record<string, string>; output: string; values: (number | null)[] }[];
}

export function answerSeries({ info, epoch, to, change }: OpenedView): SeriesAnswer {
  const contents = emptyContents();
  apply(contents, { epoch, from: to, to, views: [change] }, change);
  const panes: number[] = [];
  for (let start = change.start; start < change.end; start += info.window) panes.push(start);
  const empty = info.empty === 'zero' ? 0 : null;
  const series = [...contents.series.values()].flatMap(({ group, cells }) =>
    info.outputs.map((output, i) => ({
      group: Object.fromEntries(info.groupBy.map((dimension, d) => [dimension, group[d]!])),
      output,
      values: panes.map((pane) => {
        const values = cells.get(pane);
        return values === undefined ? empty : values[i]!;
      }),
    })),
  );
  const { metric, version, window } = info;
  const { watermark, asOf, partial } = change;
  return { metric, version, window, cursor: { epoch, offset: to }, watermark, asOf, panes, partial, series };
}
