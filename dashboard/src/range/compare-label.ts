import { durationOf } from '#contracts/text/duration.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import { formatSpan } from '../format/format-duration.ts';
import type { PageRange } from './page-range.ts';

/** What an earlier range is called: `prev 15 min`, and in one word. */
export interface EarlierLabel {
  label: string;
  short: string;
}

/** What of a view says which range it is compared with; by default the one before. */
export interface Compared {
  compare?: ViewRequest['compare'] | undefined;
  window?: ViewRequest['window'] | undefined;
}

const BEFORE = { hour: 'last hour', day: 'yesterday', week: 'last week', month: 'last month' };

/** Names the range that `range` is compared with: `prev 15 min`, `yesterday`, `7 d earlier`. */
export function compareLabel({ compare, window }: Compared, range: PageRange): string {
  if (compare != null && compare !== 'previous')
    return typeof compare === 'string'
      ? `${formatSpan(durationOf(compare))} earlier`
      : `1 ${compare.calendar} earlier`;
  if (range.kind === 'last') return `prev ${formatSpan(range.ms)}`;
  // Periods of a calendar are compared with as many before them, however short a part of them is shown.
  if (range.kind === 'between' && typeof window === 'object' && 'calendar' in window) return 'range before';
  if (range.kind === 'between') return `${formatSpan(range.to - range.from)} before`;
  return range.unit in BEFORE ? BEFORE[range.unit as keyof typeof BEFORE] : `last ${range.unit}`;
}

/** The same, and in one word where there is little room: `prev`, `earlier`. */
export function earlierLabelOf(view: Compared, range: PageRange): EarlierLabel {
  const label = compareLabel(view, range);
  const word = label.match(/^prev(?= )|earlier$|before$/);
  return { label, short: word?.[0] ?? label };
}
