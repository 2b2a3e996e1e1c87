import type { Panel } from '#contracts/board/panel.ts';
import { MISSING, OTHER } from '#contracts/metric/dimension.ts';
import { formatSpan } from '../../format/format-duration.ts';
import type { Formats } from '../../format/formats.ts';
import type { FigureSpan } from '../feed/figure-span.ts';
import type { Others, RankedRow, Ranking } from './rank-groups.ts';

/** Which time the figures of a list are of: the range by its name (`15 min`), or a window (`10 s to 14:02:10`). */
export function spanLabel({ kind, from, to }: FigureSpan, range: string, formats: Formats): string {
  if (kind === 'sum') return range;
  return kind === 'closed'
    ? `${formatSpan(to - from)} to ${formats.clock(to)}`
    : `open window of ${formatSpan(to - from)}`;
}

/** `41 others`; `others` where their number is not known. */
export function othersLabel({ count, unnamed }: Pick<Others, 'count' | 'unnamed'>, formats: Formats): string {
  if (count === 0) return 'others';
  return `${formats.fixed(count, 0)}${unnamed ? ' or more' : ''} ${count === 1 && !unnamed ? 'other' : 'others'}`;
}

/** Returns how many of all groups a list shows by name, where its view leaves some out: `10 of 153`. */
export const countLabel = (
  { view }: Pick<Panel, 'view'>,
  { rows, groups }: Ranking,
  formats: Formats,
): string =>
  view?.top == null || rows.length >= groups
    ? ''
    : `${formats.fixed(rows.length, 0)} of ${formats.fixed(groups, 0)}`;

/** A share of all, as figures under a heading that says per cent. */
export const shareText = (share: number | null, formats: Formats): string =>
  share === null ? '–' : formats.fixed(share * 100, 1);

/** Returns the first groups of a list in one sentence, for screen readers. */
export function summarizeList(
  { ranking, span, range }: { ranking: Ranking; span: FigureSpan; range: string },
  unit: string,
  formats: Formats,
): string {
  const say = ({ figures, share }: Pick<RankedRow, 'figures' | 'share'>): string =>
    `${formats.value(figures[0] ?? null, unit)}${share === null ? '' : ` (${shareText(share, formats)} %)`}`;
  const first = ranking.rows
    .slice(0, 3)
    .map((row) => `${row.group.map(dimensionLabel).join(' ')} ${say(row)}`);
  if (ranking.others !== null) first.push(`${othersLabel(ranking.others, formats)} ${say(ranking.others)}`);
  const groups = `${formats.fixed(ranking.groups, 0)} ${ranking.groups === 1 ? 'group' : 'groups'}`;
  return `${groups}, ${spanLabel(span, range, formats)}. ${first.join(', ')}.`;
}

/** No object: `constructor` is a possible value. */
const LABELS: ReadonlyMap<string, string> = new Map([
  [MISSING, 'none'],
  [OTHER, 'other'],
  ['', 'empty text'],
]);

/** Whether a dimension's value is shown as a placeholder, since it is no text that was sent. */
export const isPlaceholder = (value: string): boolean => LABELS.has(value);

/** A dimension's value as a list shows it. */
export const dimensionLabel = (value: string): string => LABELS.get(value) ?? value;
