import type { Aggregate } from '#aggregates/aggregate.ts';
import { groupKey } from '#contracts/dimension.ts';
import type { Metric } from '#contracts/metric.ts';
import { mergeCell } from './hot-cell.ts';
import type { HotSeries } from './hot-series.ts';
import type { Projection, ViewSeries } from './view-series.ts';
import type { ViewWindow } from './view-window.ts';

/** What the values of a view are computed from. */
export interface ValueSource {
  hot: HotSeries;
  metric: Metric;
  aggregate: Aggregate;
  projection: Projection;
  /** Window length, ms. */
  size: number;
}

/** Computes the values of the window's cells that have none: of their bases, and of what is hot from `cut` on. */
export function fillValues(source: ValueSource, window: ViewWindow, cut: number): void {
  const wanted = new Map<string, { series: ViewSeries; state: unknown }>();
  for (const [series, cell] of window.cells) {
    if (cell.values !== null) continue;
    const state = source.aggregate.create();
    if (cell.base !== null) source.aggregate.merge(state, source.aggregate.decode(cell.base));
    wanted.set(series.key, { series, state });
  }
  if (wanted.size === 0) return;
  const from = Math.max(window.start, cut);
  for (const pane of source.hot.panesOf(from, window.start + source.size)) mergePane(source, pane, wanted);
  for (const { series, state } of wanted.values()) {
    window.cells.get(series)!.values = source.aggregate.value(state, source.metric.aggregate, source.size);
  }
}

function mergePane(
  { hot, aggregate, projection }: ValueSource,
  pane: number,
  wanted: Map<string, { series: ViewSeries; state: unknown }>,
): void {
  const cells = hot.pane(pane);
  if (cells === undefined) return;
  if (projection.whole) {
    for (const { series, state } of wanted.values()) {
      const cell = cells.get(groupKey(series.group));
      if (cell !== undefined) mergeCell(aggregate, state, cell);
    }
    return;
  }
  for (const cell of cells.values()) {
    if (!projection.admits(cell.group)) continue;
    const target = wanted.get(projection.keyOf(cell.group));
    if (target !== undefined) mergeCell(aggregate, target.state, cell);
  }
}
