import { durationOf } from '#contracts/text/duration.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import { formatSpan } from '../format/format-duration.ts';
import type { PageRange } from './page-range.ts';

/** What an earlier range is called: `prev 15 min`, and in one word. */
export interface EarlierLabel {
  label: string;
  short: string;
}

const BEFORE = { hour: 'last hour', day: 'yesterday', week: 'last week', month: 'last month' };

/** Names the range that `range` is compared with: `prev 15 min`, `yesterday`, `7 d earlier`. */
export function compareLabel(compare: ViewRequest['compare'], range: PageRange): string {
  if (compare != null && compare !== 'previous')
    return typeof compare === 'string'
      ? `${formatSpan(durationOf(compare))} earlier`
      : `1 ${compare.calendar} earlier`;
  if (range.kind === 'last') return `prev ${formatSpan(range.ms)}`;
  if (range.kind === 'between') return `${formatSpan(range.to - range.from)} before`;
  return range.unit in BEFORE ? BEFORE[range.unit as keyof typeof BEFORE] : `last ${range.unit}`;
}

/** The same, and in one word where there is little room: `prev`, `earlier`. */
export function earlierLabelOf(compare: ViewRequest['compare'], range: PageRange): EarlierLabel {
  const label = compareLabel(compare, range);
  const word = label.match(/^prev(?= )|earlier$|before$/);
  return { label, short: word?.[0] ?? label };
}
