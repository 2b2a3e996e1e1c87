import { EVENT_COUNTS } from '#contracts/metric/built-in.ts';
import { OTHER } from '#contracts/metric/dimension.ts';
import type { ViewContents } from '#contracts/view/frame.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import { type PageRange, requestedRange } from '../range/page-range.ts';

/** Names that are listed one by one, and points of the small line of each. */
const MOST_NAMES = 100;
const POINTS = 45;

/** How often one name came in a range. */
export interface NameCount {
  name: string;
  count: number;
  /** Per second; null before anything is known. */
  rate: number | null;
  /** Events in each window of the range that is over, the oldest first. */
  values: readonly number[];
}

export interface NameCounts {
  names: readonly NameCount[];
  /** Events of names that are not listed, and how many names those are; null where that is not known. */
  others: { count: number; names: number | null };
  count: number;
  rate: number | null;
}

/** A live view of how often each name came. */
export const countsRequest = (range: PageRange): ViewRequest => ({
  ...{ metric: EVENT_COUNTS, groupBy: ['$event'], window: 'auto', points: POINTS },
  ...{ range: requestedRange(range), top: { limit: MOST_NAMES } },
});

/** Sums up a view of counts: the most frequent names first. */
export function countNames({ series, start, end, begins, asOf, groups }: ViewContents): NameCounts {
  const seconds = Math.max(0, Math.min(end, asOf ?? end) - Math.max(start, begins ?? start)) / 1_000;
  const rateOf = (count: number): number | null => (seconds > 0 ? count / seconds : null);
  const windows = [...new Set([...series.values()].flatMap(({ cells }) => [...cells.keys()]))].sort(
    (a, b) => a - b,
  );
  // The last window is not over: the line would always end in a fall.
  if (windows.length > 1 && asOf !== null && asOf < end) windows.pop();
  const names: NameCount[] = [];
  let beyond = 0;
  for (const { group, rest, cells } of series.values()) {
    const values = windows.map((window) => cells.get(window)?.[0] ?? 0);
    const count = [...cells.values()].reduce((sum, [value]) => sum + (value ?? 0), 0);
    if (rest === true || group[0] === OTHER) beyond += count;
    else if (count > 0) names.push({ name: group[0] ?? '', count, rate: rateOf(count), values });
  }
  names.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
  const count = names.reduce((sum, one) => sum + one.count, beyond);
  const more = groups === null ? null : Math.max(0, groups - names.length);
  return { names, others: { count: beyond, names: more }, count, rate: rateOf(count) };
}
