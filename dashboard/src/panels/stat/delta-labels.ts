import { formatSpan } from '../../format/format-duration.ts';
import { formatFigure } from '../../format/format-number.ts';
import { formatClock, formatMoment } from '../../format/format-time.ts';
import type { Stat } from '../feed/stat-of.ts';

/** What a stat's figure is of and compared with, and why it is not. */
export interface DeltaLabels {
  /** Behind the title: `15 min`, `10 s`. */
  span: string;
  /** Behind the difference: `vs prev 15 min`, `vs 15 min ago`. */
  reference: string;
  /** Instead of a difference: `began 14:52`; null where there is one. */
  missing: string | null;
  /** What exactly is compared, as sentences. */
  explained: string;
}

/** `counted`: until when everything is counted, where that is not now. */
export function deltaLabels(
  stat: Stat,
  { unit, now, counted }: { unit: string; now: number; counted: number | null },
): DeltaLabels {
  const { subject, from, to, ago } = stat;
  const [span, before] = [formatSpan(to - from), formatSpan(ago)];
  const single = subject === 'window';
  return {
    span,
    reference: single ? `vs ${before} ago` : `vs prev ${before}`,
    missing: missingOf(stat, now, counted),
    explained: `${NAMES[subject]} ${span} from ${formatMoment(from, now)} to ${formatClock(to)}: ${figureLabel(stat.value, unit)}; of the ${span} ${single ? `${before} earlier` : 'before'}: ${figureLabel(stat.before, unit)}.`,
  };
}

const NAMES: Record<Stat['subject'], string> = {
  sum: 'Sum of the',
  rate: 'Rate over the',
  window: 'Value of the',
};

/** Returns why there is no comparison, such as a metric that did not exist yet; null where there is one. */
function missingOf(
  { subject, from, to, ago, value, before, began, open }: Stat,
  now: number,
  counted: number | null,
): string | null {
  if (counted !== null) return `counted to ${formatMoment(counted, now)}`;
  if (value === null) return `none in ${formatSpan(to - from)}`;
  if (open) return 'first events';
  if (began !== null) return `began ${formatMoment(began, now)}`;
  if (before !== null) return null;
  return subject === 'window' ? `none ${formatSpan(ago)} ago` : `none in prev ${formatSpan(ago)}`;
}

function figureLabel(value: number | null, unit: string): string {
  const { prefix, text, suffix } = formatFigure(value, unit);
  return value === null ? 'no value' : [prefix, text, suffix].filter(Boolean).join(' ');
}
