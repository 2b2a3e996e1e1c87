import { formatSpan } from '../../format/format-duration.ts';
import { fixed, formatValue } from '../../format/format-number.ts';
import { formatClock } from '../../format/format-time.ts';
import type { FigureSpan } from '../feed/figure-span.ts';
import { wordOf } from './group-labels.ts';
import type { Others, RankedRow, Ranking } from './rank-groups.ts';

/** Which time the figures of a list are of: `15 min`, `10 s to 14:02:10`. */
export function spanWords({ kind, from, to }: FigureSpan, range: number): string {
  if (kind === 'sum') return formatSpan(range);
  return kind === 'closed'
    ? `${formatSpan(to - from)} to ${formatClock(to)}`
    : `open window of ${formatSpan(to - from)}`;
}

/** `41 others`; `others` where nobody knows how many. */
export function othersWords({ count, unnamed }: Pick<Others, 'count' | 'unnamed'>): string {
  if (count === 0) return 'others';
  return `${fixed(count, 0)}${unnamed ? ' or more' : ''} ${count === 1 && !unnamed ? 'other' : 'others'}`;
}

/** A share of all, as figures under a heading that says per cent. */
export const shareText = (share: number | null): string => (share === null ? '–' : fixed(share * 100, 1));

/** Who leads a list in one sentence, for those who do not see it. */
export function summarizeList(ranking: Ranking, span: FigureSpan, range: number, unit: string): string {
  const say = ({ figures, share }: Pick<RankedRow, 'figures' | 'share'>): string =>
    `${formatValue(figures[0] ?? null, unit)}${share === null ? '' : ` (${shareText(share)} %)`}`;
  const first = ranking.rows.slice(0, 3).map((row) => `${row.group.map(wordOf).join(' ')} ${say(row)}`);
  if (ranking.others !== null) first.push(`${othersWords(ranking.others)} ${say(ranking.others)}`);
  const groups = `${fixed(ranking.groups, 0)} ${ranking.groups === 1 ? 'group' : 'groups'}`;
  return `${groups}, ${spanWords(span, range)}. ${first.join(', ')}.`;
}
