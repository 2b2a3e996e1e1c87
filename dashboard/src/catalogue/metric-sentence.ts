import { formatText } from '#contracts/filter/text-print.ts';
import { formatAggregate } from '#contracts/metric/aggregate-call.ts';
import { formatExpression } from '#contracts/metric/expression/format-expression.ts';
import { formatSpan } from '../format/format-duration.ts';
import type { Listed } from './metric-list.ts';
import { sayWhat } from './what-entries.ts';

/** A piece of a sentence: words of the language, or what was chosen. */
export interface Piece {
  text: string;
  chosen: boolean;
}

const word = (text: string): Piece => ({ text, chosen: false });
const chosen = (text: string): Piece => ({ text, chosen: true });

/** Says what a metric is: the sentence that the editor opens. */
export function sentenceOf({ metric, derived }: Listed): Piece[] {
  if (derived !== null)
    return [chosen(formatExpression(derived.expression)), ...splitBy(derived.groupBy ?? [])];
  if (metric === null) return [word('a definition that cannot be read here')];
  const { word: what, property } = sayWhat(formatAggregate(metric.aggregate));
  const events = metric.events === null ? word('all events') : chosen(metric.events.join(' or '));
  return [
    chosen(what),
    ...(property === null ? [word('of'), events] : [word('of'), chosen(property), word('in'), events]),
    ...(metric.where.length === 0 ? [] : [word('where'), chosen(formatText(metric.where))]),
    ...splitBy(metric.groupBy),
    word('every'),
    chosen(formatSpan(metric.window)),
  ];
}

const splitBy = (dimensions: readonly string[]): Piece[] =>
  dimensions.length === 0 ? [] : [word('split by'), chosen(dimensions.join(' and '))];

/** The sentence as text, which is searched. */
export const sentenceText = (listed: Listed): string =>
  sentenceOf(listed)
    .map(({ text }) => text)
    .join(' ');
