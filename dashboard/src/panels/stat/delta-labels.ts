import { DAY, HOUR } from '#contracts/text/duration.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import { formatSpan } from '../../format/format-duration.ts';
import { type Figure, NO_VALUE } from '../../format/format-number.ts';
import type { Formats } from '../../format/formats.ts';
import { compareLabel } from '../../range/compare-label.ts';
import type { PageRange } from '../../range/page-range.ts';
import { rangeLabel } from '../../range/range-label.ts';
import type { Stat } from '../feed/stat-of.ts';

/** What a stat's figure is of and compared with, and why it is not. */
export interface DeltaLabels {
  /** Behind the title: `15 min`, `today`. */
  span: string;
  /** Behind the difference: `vs prev 15 min`, `vs yesterday`. */
  reference: string;
  /** Instead of a difference: `began 14:52`; null where there is one. */
  missing: string | null;
  /** What exactly is compared, as sentences. */
  explained: string;
}

export function deltaLabels(
  stat: Stat,
  {
    unit,
    now,
    range,
    compare,
    formats,
  }: {
    unit: string;
    now: number;
    range: PageRange;
    compare?: ViewRequest['compare'];
    formats: Formats;
  },
): DeltaLabels {
  const { from, to, before } = stat;
  const moment = (time: number): string => formats.moment(time, now);
  const spanOf = (a: number, b: number): string => `${moment(a)} to ${moment(b)}`;
  const other = compareLabel({ compare }, range);
  return {
    span: rangeLabel(range, now, formats),
    reference: `vs ${other}`,
    missing: missingOf(stat, moment, other),
    explained: [
      `${NAMES[stat.subject]} ${spanOf(from, to)}: ${figureLabel(formats.figure(stat.value, unit))}`,
      before === null
        ? ''
        : `; ${compare == null || compare === 'previous' ? 'of the range before' : other}, ${spanOf(before.from, before.to)}: ${figureLabel(formats.figure(before.value, unit))}`,
      '.',
      before === null ? '' : lengthsLabel(to - from, before.to - before.from),
    ].join(''),
  };
}

const NAMES: Record<Stat['subject'], string> = {
  sum: 'Sum from',
  rate: 'Rate from',
  value: 'Value of all from',
};

/** Clocks that are set forward or back make one of two periods an hour longer. */
function lengthsLabel(a: number, b: number): string {
  if (a === b || Math.abs(a - b) > 1.5 * HOUR || Math.min(a, b) < DAY / 2) return '';
  return ` The lengths differ, since clocks were changed: ${formatSpan(a)} and ${formatSpan(b)}.`;
}

/** Returns why there is no comparison, such as a metric that did not exist yet; null where there is one. */
function missingOf(
  { value, before, began, counted }: Stat,
  moment: (time: number) => string,
  other: string,
): string | null {
  if (counted !== null) return `counted to ${moment(counted)}`;
  if (value === null) return 'no value';
  if (began !== null) return `began ${moment(began)}`;
  return before === null || before.value !== null ? null : `none in ${other}`;
}

const figureLabel = ({ prefix, text, suffix }: Figure): string =>
  text === NO_VALUE ? 'no value' : [prefix, text, suffix].filter(Boolean).join(' ');
