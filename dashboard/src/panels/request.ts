import type { Panel } from '#contracts/board.ts';
import type { ViewRequest } from '#contracts/view.ts';
import { durationText, readDuration, windowFor } from '../app/ranges.ts';

/**
 * What a panel asks for: its own view, in the range of the page unless it has one of its own, in windows that
 * the range can hold. `known` is the metric's default window where the panel names none; null before it is known.
 */
export function requestOf(panel: Panel, range: number, known: number | null): ViewRequest | null {
  if (panel.view === null) return null;
  const wanted = readDuration(panel.view.range) ?? range;
  const own = readDuration(panel.view.window) ?? known;
  // A stat is one figure, and it compares with one range ago: it asks for a little more than the range.
  const stat = panel.kind === 'stat';
  const asked = stat ? reach(wanted, own) : wanted;
  const request: ViewRequest = { ...panel.view, range: durationText(asked) };
  if (stat) request.groupBy ??= [];
  if (own !== null) {
    const window = windowFor(own, wanted);
    if (window !== own || panel.view.window !== undefined) request.window = durationText(window);
  }
  return request;
}

/** The range a stat needs: as far back as its comparison, where the view can hold that. */
const reach = (range: number, window: number | null): number => range + 2 * (window ?? 60_000);
