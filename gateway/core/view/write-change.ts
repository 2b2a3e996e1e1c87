import type { FrameView } from '#contracts/view/frame.ts';
import type { ViewWindow } from './view-window.ts';
import type { ValueSource } from './window-values.ts';

interface Head extends Pick<FrameView, 'version' | 'watermark' | 'asOf' | 'start' | 'end'> {
  id: string;
  source: Pick<ValueSource, 'aggregate' | 'metric'>;
}

/** What a frame says of a view in which nothing has changed. */
export function emptyChange({
  id: view,
  version,
  watermark,
  asOf,
  start,
  end,
  source: { aggregate, metric },
}: Head): FrameView {
  const values = aggregate.outputs(metric.aggregate).map(() => []);
  const nothing = { windows: [], at: [], series: [], values, partial: [] };
  return { view, version, received: null, watermark, asOf, start, end, ...nothing };
}

/** Adds the cells of a window that have changed since a cursor; they have their values. */
export function writeWindow(change: FrameView, window: ViewWindow, cursor: number): void {
  const index = change.windows.push(window.start) - 1;
  if (window.other !== null) change.partial.push(window.start);
  for (const [series, cell] of window.cells) {
    if (cell.mark <= cursor && window.entered <= cursor) continue;
    const at = change.at.push(index) - 1;
    change.series.push(series.series);
    for (const [i, value] of cell.values!.entries()) {
      const isBeyond = value === Infinity || value === -Infinity;
      change.values[i]!.push(isBeyond ? null : value);
      if (!isBeyond) continue;
      change.overflow ??= [];
      change.overflow.push(at);
    }
  }
}
