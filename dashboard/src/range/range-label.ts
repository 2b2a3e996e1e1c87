import { formatSpan } from '../format/format-duration.ts';
import type { Formats } from '../format/formats.ts';
import type { PageRange } from './page-range.ts';

const PERIODS = {
  hour: 'this hour',
  day: 'today',
  week: 'this week',
  month: 'this month',
  quarter: 'this quarter',
  year: 'this year',
} as const;

/** Names a range: `15 min`, `today`, `14:00–14:30`, `28 Nov 22:00–29 Nov 03:00`, `1–7 Nov`; dates where they are not that of `now`. */
export function rangeLabel(range: PageRange, now: number, formats: Pick<Formats, 'days'>): string {
  if (range.kind === 'last') return formatSpan(range.ms);
  return range.kind === 'this' ? PERIODS[range.unit] : formats.days(range.from, range.to, now);
}
