import type { Panel } from '#contracts/board.ts';
import type { ViewRequest } from '#contracts/view.ts';
import { durationText, readDuration, windowFor } from '../app/ranges.ts';

/** How many windows a panel of a kind can show apart. */
const ROOM: Record<Panel['kind'], number> = { stat: 180, line: 450, bars: 130, tail: 1 };

/** Windows beyond the range: the range of a view ends with an open window, and a line enters from the left. */
const ENTERING = 2;

/**
 * What a panel asks for: its own view, in the range of the page unless it has one of its own, in windows that
 * the range can hold. `known` is the metric's default window where the panel names none; null before it is known.
 */
export function requestOf(panel: Panel, range: number, known: number | null): ViewRequest | null {
  if (panel.view === null) return null;
  const wanted = readDuration(panel.view.range) ?? range;
  const own = readDuration(panel.view.window) ?? known;
  const window = own === null ? null : windowFor(own, wanted, ROOM[panel.kind]);
  const request: ViewRequest = { ...panel.view, range: durationText(wanted + ENTERING * (window ?? 0)) };
  // A stat is one figure.
  if (panel.kind === 'stat') request.groupBy ??= [];
  if (window !== null && (window !== own || panel.view.window !== undefined))
    request.window = durationText(window);
  return request;
}
