import type { ViewContents } from '#contracts/view/frame.ts';
import type { ViewInfo, ViewRequest } from '#contracts/view/view.ts';
import { durationText, windowFor } from '../../app/ranges.ts';
import { wordOf } from '../lists/group-labels.ts';
import { nearestFirst } from './nearest-first.ts';

const HOUR = 3_600_000;
/** Windows are of no interest here: as few as the metric allows. */
const MOST_WINDOWS = 60;
const MOST_VALUES = 5;

/** How far back the page looks for values that came in place of the wanted ones, ms. */
export const seenRange = ({ window }: Pick<ViewInfo, 'window'>): number => Math.max(HOUR, window);

/** Asks for all values of one dimension of a metric. */
export function seenRequest(info: Pick<ViewInfo, 'metric' | 'window'>, dimension: string): ViewRequest {
  const range = seenRange(info);
  const window = windowFor(info.window, range, MOST_WINDOWS);
  return {
    metric: info.metric,
    groupBy: [dimension],
    window: durationText(window),
    range: durationText(range),
  };
}

/** A few values of the one dimension of a view in words, those like the wanted one first, and how many more there are. */
export function seenValues(
  { series }: Pick<ViewContents, 'series'>,
  wanted: readonly string[],
): { values: string[]; more: number } {
  const came = [...series.values()].filter(({ cells }) => cells.size > 0).map(({ group }) => group[0]!);
  const others = came.filter((value) => !wanted.includes(value));
  const values = nearestFirst(wanted[0] ?? '', others).slice(0, MOST_VALUES);
  return { values: values.map(wordOf), more: others.length - values.length };
}
