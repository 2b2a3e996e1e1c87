import { isBuiltIn } from '#contracts/metric/built-in.ts';
import type { EventVerdict, MetricVerdict } from '#contracts/metric/verdict.ts';
import { formatSpan } from '../../format/format-duration.ts';

/** What became of an event, in one word. */
export type VerdictWord =
  | 'counted'
  | 'late'
  | 'skipped'
  | 'duplicate'
  | 'filtered'
  | 'too old'
  | 'no metric'
  | 'rejected';

export interface VerdictWords {
  word: VerdictWord;
  /** What was found. */
  text: string;
  /** What to do; null where there is nothing to do. */
  fix: string | null;
}

/** Names of metrics that a sentence lists. */
const NAMED = 3;

/** Returns what metrics made of an event, by what most readers ask first: whether it is counted, and if not, why. */
export function verdictWords(verdict: EventVerdict): VerdictWords {
  if (verdict.rejected !== undefined) return { word: 'rejected', text: verdict.rejected.message, fix: null };
  if (verdict.duplicate !== undefined) return repeated(verdict.id ?? null);
  // Every event counts in what is built in: that says nothing of the reader's own.
  const metrics = verdict.metrics.filter(({ metric }) => !isBuiltIn(metric));
  const by = (...outcomes: MetricVerdict['outcome'][]) =>
    metrics.filter(({ outcome }) => outcomes.includes(outcome));
  if (by('duplicate').length > 0) return repeated(verdict.id ?? null);
  const counted = by('counted');
  if (counted.length > 0)
    return { word: 'counted', text: `In ${listOf(counted)}.`, fix: alsoNot(by('late', 'skipped', 'absent')) };
  const [late] = by('late');
  if (late !== undefined) return lateWords(late);
  const [skipped] = by('skipped', 'absent');
  if (skipped !== undefined) return skippedWords(skipped);
  const [old] = by('before', 'imported');
  if (old !== undefined) return oldWords(old);
  const [filtered] = by('no_match').filter(({ condition }) => condition !== undefined);
  return filtered === undefined ? unknownName(verdict.event, metrics) : filteredWords(filtered);
}

export const repeated = (id: string | null): VerdictWords => ({
  word: 'duplicate',
  text: `An event with ${id === null ? 'this id' : `the id ${id}`} came before, and counts in its place.`,
  fix: 'Give each event an id of its own. Of a retry nothing is lost: it counts once.',
});

const lateWords = ({ metric, by = 0 }: MetricVerdict): VerdictWords => ({
  word: 'late',
  text: `${formatSpan(by)} later than ${metric} waits for. It is in the archive, and not in the metric.`,
  fix: `Send the time at which it happened, or none; or give ${metric} a greater lateness, or rebuild it.`,
});

function skippedWords({
  metric,
  outcome,
  field = 'a property',
  expected,
  found,
}: MetricVerdict): VerdictWords {
  const text =
    outcome === 'absent'
      ? `${metric} takes ${field}, and the event has no value there.`
      : `${metric} takes ${field} as ${expected ?? 'another type'}, and it is ${found ?? 'of another type'}.`;
  const fix =
    outcome === 'absent'
      ? `Send ${field} with the event.`
      : `Send ${field} as ${expected ?? 'what the metric takes'}: numbers without quotes.`;
  return { word: 'skipped', text, fix };
}

const oldWords = ({ metric }: MetricVerdict): VerdictWords => ({
  word: 'too old',
  text: `It is older than ${metric}, which is not filled in so far back yet.`,
  fix: 'Wait until the back-fill is done; the metric says how far it is.',
});

const filteredWords = ({ metric, condition = '' }: MetricVerdict): VerdictWords => ({
  word: 'filtered',
  text: `${metric} counts where ${condition}, and that does not hold.`,
  fix: `Send what the filter asks for, or change the filter of ${metric}.`,
});

function unknownName(event: string | null, metrics: readonly MetricVerdict[]): VerdictWords {
  const names = [...new Set(metrics.flatMap(({ expected }) => expected ?? []))];
  const known = names.length === 0 ? '' : ` Metrics count ${names.slice(0, NAMED).join(', ')}.`;
  return {
    word: 'no metric',
    text: `No metric counts ${event ?? 'this name'}.${known}`,
    fix: 'Make a metric from it, or correct the name where it is sent.',
  };
}

function alsoNot(others: readonly MetricVerdict[]): string | null {
  if (others.length === 0) return null;
  return `Not in ${listOf(others)}: ${[...new Set(others.map(({ outcome }) => (outcome === 'absent' ? 'skipped' : outcome)))].join(', ')}.`;
}

function listOf(metrics: readonly MetricVerdict[]): string {
  const names = metrics.slice(0, NAMED).map(({ metric }) => metric);
  const rest = metrics.length - names.length;
  return names.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
