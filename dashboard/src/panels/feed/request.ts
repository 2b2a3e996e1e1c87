import type { Panel } from '#contracts/board/panel.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import { durationText, readDuration, windowFor } from '../../app/ranges.ts';
import { plotWidthOf } from '../../charts/axis/gutter.ts';

/** CSS pixels of a window below which its bar is a dot and its point one of several in a column. */
const LEAST_PIXELS: Partial<Record<Panel['kind'], number>> = { bars: 6, line: 1, area: 1 };
/** A plot is never so narrow that fewer windows tell more. */
const LEAST_WINDOWS = 10;
/** How many windows a panel of a kind can show apart, however wide it is. */
const ROOM: Record<Panel['kind'], number> = {
  stat: 180,
  line: 450,
  area: 450,
  bars: 130,
  top: 120,
  table: 120,
  tail: 1,
};

/** Windows beyond the range: the range of a view ends with an open window, and a line enters from the left. */
const ENTERING = 2;

/** The range a panel shows: its own, else that of the page. */
export const rangeOf = (panel: Panel, page: number): number => readDuration(panel.view?.range) ?? page;

/** How many windows a panel `width` CSS pixels wide can show apart. */
function roomOf(kind: Panel['kind'], width: number): number {
  const pixels = LEAST_PIXELS[kind];
  if (pixels === undefined) return ROOM[kind];
  return Math.min(ROOM[kind], Math.max(LEAST_WINDOWS, Math.floor(plotWidthOf(width) / pixels)));
}

/**
 * What a panel asks for: its own view over its range, in windows that the range and the width of its body, CSS pixels, can
 * hold. A stat asks for three times the range: it says how the range differs from the one before, which it can judge only
 * where there was something before that. Null where the panel shows no metric.
 */
export function requestOf(panel: Panel, page: number, width = Number.POSITIVE_INFINITY): ViewRequest | null {
  if (panel.view === null) return null;
  const range = rangeOf(panel, page);
  const own = readDuration(panel.view.window);
  const window = own === null ? null : windowFor(own, range, roomOf(panel.kind, width));
  // Without a window the metric's own counts, and more of the range might be more windows than a view may have.
  const asked = panel.kind === 'stat' && window !== null ? 3 * range : range;
  const request: ViewRequest = { ...panel.view, range: durationText(asked + ENTERING * (window ?? 0)) };
  if (window !== null) request.window = durationText(window);
  // A stat is one figure.
  if (panel.kind === 'stat') request.groupBy ??= [];
  return request;
}
