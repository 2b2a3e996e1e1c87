import type { EventVerdict, MetricVerdict } from '#contracts/metric/verdict.ts';
import { formatSpan } from '../format/format-duration.ts';
import type { TimeFormat } from '../format/format-time.ts';
import { placeOf } from './event-line.ts';

/** What a metric did with an event, in the words of the page; each has a shape of its own. */
export const WORDS = ['counted', 'other', 'late', 'skipped', 'duplicate', 'not read', 'rejected'] as const;
export type VerdictWord = (typeof WORDS)[number];

export interface VerdictLine {
  word: VerdictWord;
  /** The metric; in place of it how many there are, or the code of a refusal. */
  of: string;
  text: string;
}

/** Metrics that are named one by one; the others of a word are counted. */
const MOST_LINES = 40;

/** Returns what became of an event, the metrics that have most to say first; those that read other events are one line. */
export function verdictLines(
  verdict: EventVerdict,
  now: number,
  formats: Pick<TimeFormat, 'moment'>,
): VerdictLine[] {
  const paneText = (pane: number): string => `pane ${formats.moment(pane, now)}`;
  const { rejected, duplicate, metrics } = verdict;
  if (rejected !== undefined) return [{ word: 'rejected', of: rejected.code, text: rejected.message }];
  if (duplicate !== undefined)
    return [
      {
        ...{ word: 'duplicate', of: `of ${placeOf(duplicate)}` },
        text: 'that one counts in its place: same key, same id',
      },
    ];
  const others = metrics.filter(isOfOthers);
  const lines = metrics
    .filter((one) => !isOfOthers(one))
    .map((one): VerdictLine => ({ word: wordOf(one), of: one.metric, text: textOf(one, paneText) }))
    .sort((a, b) => WORDS.indexOf(a.word) - WORDS.indexOf(b.word));
  const left = lines.splice(MOST_LINES);
  if (left.length > 0)
    lines.push({ word: 'not read', of: counted(left.length), text: 'more, not listed here' });
  if (others.length > 0)
    lines.push({
      ...{ word: 'not read', of: counted(others.length) },
      text: others.length === 1 ? 'it reads other events' : 'they read other events',
    });
  return lines.length > 0 ? lines : [{ word: 'not read', of: 'no metrics', text: 'there is none yet' }];
}

const counted = (n: number): string => (n === 1 ? '1 metric' : `${n} metrics`);

const isOfOthers = ({ outcome, field }: MetricVerdict): boolean =>
  outcome === 'no_match' && field === '$event';

function wordOf({ outcome, merged }: MetricVerdict): VerdictWord {
  switch (outcome) {
    case 'counted':
      return merged === true ? 'other' : 'counted';
    case 'late':
    case 'skipped':
    case 'duplicate':
      return outcome;
    case 'absent':
      return 'skipped';
    default:
      return 'not read';
  }
}

const PARTS = {
  live: '',
  filled: ', filled in from the archive',
  added: ', added from the archive',
} as const;

type PaneText = (pane: number) => string;

function textOf(one: MetricVerdict, paneText: PaneText): string {
  const { outcome, field = 'a property', expected, found, condition } = one;
  switch (outcome) {
    case 'counted':
      return `${one.merged === true ? 'its group came after the cap of groups: ' : ''}${placeText(one, paneText)}${PARTS[one.part ?? 'live']}`;
    case 'late':
      return `by ${formatSpan(one.by ?? 0)} beyond the lateness; in the archive only`;
    case 'skipped':
      return `${field} is ${found === undefined || found === 'nothing' ? 'missing' : found}${expected === undefined ? '' : `, the metric needs ${expected}`}`;
    case 'absent':
      return `${field} has no value`;
    case 'no_match':
      return condition === undefined ? 'its filter does not hold' : `its filter does not hold: ${condition}`;
    case 'before':
      return 'older than the metric, and not filled in yet';
    case 'imported':
      return 'imported, and not added yet';
    case 'duplicate':
      return 'a repeat of another';
  }
}

function placeText({ pane, group }: MetricVerdict, paneText: PaneText): string {
  const names = Object.entries(group ?? {}).map(([name, value]) => `${name} = ${groupLabel(value)}`);
  return [...(pane === undefined ? [] : [paneText(pane)]), ...names].join(', ');
}

const groupLabel = (value: string): string =>
  value === '__missing__' ? 'missing' : value === '__other__' ? 'other' : value;
