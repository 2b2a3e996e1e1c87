import type { Panel } from '#contracts/panel.ts';
import type { ViewRequest } from '#contracts/view.ts';
import { durationText, readDuration, windowFor } from '../app/ranges.ts';

/** How many windows a panel of a kind can show apart. */
const ROOM: Record<Panel['kind'], number> = {
  stat: 180,
  line: 450,
  area: 450,
  bars: 130,
  top: 60,
  table: 60,
  tail: 1,
};

/** Windows beyond the range: the range of a view ends with an open window, and a line enters from the left. */
const ENTERING = 2;

/** The range a panel shows: its own, else that of the page. */
export const rangeOf = (panel: Panel, page: number): number => readDuration(panel.view?.range) ?? page;

/** What a panel asks for: its own view over its range, in windows that the range can hold. Null where it shows no metric. */
export function requestOf(panel: Panel, page: number): ViewRequest | null {
  if (panel.view === null) return null;
  const range = rangeOf(panel, page);
  const own = readDuration(panel.view.window);
  const window = own === null ? null : windowFor(own, range, ROOM[panel.kind]);
  const request: ViewRequest = { ...panel.view, range: durationText(range + ENTERING * (window ?? 0)) };
  if (window !== null) request.window = durationText(window);
  // A stat is one figure.
  if (panel.kind === 'stat') request.groupBy ??= [];
  return request;
}
