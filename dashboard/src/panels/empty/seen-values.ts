import { formatDuration, HOUR } from '#contracts/text/duration.ts';
import { nearestNames } from '#contracts/text/nearest-names.ts';
import type { ViewContents } from '#contracts/view/frame.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import { dimensionLabel } from '../lists/list-labels.ts';

/** Windows are of no interest here: as few as the metric allows. */
const MOST_WINDOWS = 60;
const MOST_VALUES = 5;

/** Returns how far back the page looks for values that arrived in place of the wanted ones, ms. */
export const seenRange = ({ window }: Pick<ViewInfo, 'window'>): number => Math.max(HOUR, window);

/** Returns a request for all values of one dimension of a metric. */
export function seenRequest(info: Pick<ViewInfo, 'metric' | 'window'>, dimension: string): ViewRequest {
  return {
    metric: info.metric,
    groupBy: [dimension],
    window: 'auto',
    points: MOST_WINDOWS,
    range: formatDuration(seenRange(info)),
  };
}

/** Returns a few values of the one dimension of a view, those similar to the wanted one first, and how many more there are. */
export function seenValues(
  { series }: Pick<ViewContents, 'series'>,
  wanted: readonly string[],
): { values: string[]; more: number } {
  const came = [...series.values()].filter(({ cells }) => cells.size > 0).map(({ group }) => group[0]!);
  const others = came.filter((value) => !wanted.includes(value));
  const values = nearestFirst(wanted[0] ?? '', others).slice(0, MOST_VALUES);
  return { values: values.map(dimensionLabel), more: others.length - values.length };
}

/** Returns the names similar to the wanted one first, which may be misspelled; then the others in their order. */
export function nearestFirst(wanted: string, names: readonly string[]): string[] {
  const others = names.filter((name) => name !== wanted);
  const words = wanted.split(/[_.\s-]+/);
  const related = others.filter((name) => name.split(/[_.\s-]+/).some((word) => words.includes(word)));
  return [...new Set([...nearestNames(wanted, others), ...related, ...others])];
}
