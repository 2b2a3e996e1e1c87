import type { Differences, Explanation } from '#contracts/metric/explanation.ts';
import { formatSpan } from '../format/format-duration.ts';
import type { Formats } from '../format/formats.ts';
import { exactnessOf, type KnownMetric } from './known-metrics.ts';

/** One line about a number: a term, the figure of it, and what it means. */
export interface Fact {
  term: string;
  figure: string;
  text: string;
}

const plural = (count: number, one: string): string => (count === 1 ? one : `${one}s`);

/** The times of what is explained, and how figures are written. */
export interface FactContext {
  watermark: number | null;
  now: number;
  formats: Pick<Formats, 'fixed' | 'moment'>;
}

/** Says what a number counts, what it does not and why, and whether that may still change. */
export function factsOf(
  explanation: Explanation,
  known: KnownMetric | null,
  { watermark, now, formats }: FactContext,
): Fact[] {
  const whole = (count: number): string => formats.fixed(count, 0);
  const countFact = (term: string, count: number, text: string): Fact[] =>
    count === 0 ? [] : [{ term, figure: whole(count), text }];
  const { late, before, imported, absent, skipped, duplicates } = explanation;
  const behind =
    known?.lateness == null ? 'behind' : `more than ${formatSpan(known.lateness)} behind, its lateness`;
  const left: Fact[] = [
    ...countFact('Late', late, `came ${behind}; in the archive only`),
    ...skipped.map(({ field, expected, found, count }) => ({
      term: 'Skipped',
      figure: whole(count),
      text: `${field} is ${found}, the metric needs ${expected}`,
    })),
    ...countFact('Without a value', absent, 'the property that the metric reads is not there'),
    ...countFact('Before', before, 'older than the metric, and not filled in yet'),
    ...countFact('Imported', imported, 'and not added yet; a rebuild adds them'),
  ];
  return [
    countedFact(explanation, whole),
    ...(left.length > 0
      ? left
      : [{ term: 'Left out', figure: '0', text: 'every event that fits is counted' }]),
    {
      term: 'Duplicates',
      figure: whole(duplicates),
      text: 'dropped since the Log began, in all windows; none is in any count',
    },
    ...(known === null ? [] : [{ term: 'Exact', figure: '', text: exactnessOf(known) }]),
    ...(explanation.partial
      ? [{ term: 'Capped', figure: '', text: 'some groups found no place and are counted as “other”' }]
      : []),
    finalFact(explanation, known, { watermark, now, formats }),
  ];
}

function countedFact({ count, parts, partitions }: Explanation, whole: (count: number) => string): Fact {
  const extra = [
    parts.filled > 0 ? `${whole(parts.filled)} back-filled` : '',
    parts.added > 0 ? `${whole(parts.added)} added by imports` : '',
    partitions.length > 1 ? `by partition ${partitions.map((one) => whole(one.count)).join(' · ')}` : '',
  ].filter(Boolean);
  return {
    term: 'Counted',
    figure: whole(count),
    text: [plural(count, 'event'), ...extra].join(', '),
  };
}

/** A window is final once no event that is on time can fall into it: see rule 2. */
function finalFact(
  { to, version }: Pick<Explanation, 'to' | 'version'>,
  known: KnownMetric | null,
  { watermark, now, formats }: FactContext,
): Fact {
  const lateness = known?.lateness ?? 0;
  const since = formats.moment(to + lateness, now);
  const isFinal = watermark !== null && watermark >= to + lateness;
  if (isFinal) return { term: 'Final', figure: since, text: `since then; version ${version}` };
  const isOpen = watermark === null || watermark < to;
  return {
    term: 'Not final',
    figure: since,
    text: isOpen ? 'the window is open; on time until then' : 'late events are on time until then',
  };
}

/** A value that is more or less frequent inside than outside. */
export interface Difference {
  property: string;
  value: string;
  /** Shares, 0 to 1. */
  inside: number;
  outside: number;
}

export interface Differing {
  rows: Difference[];
  /** Properties of which no value differs by more than chance. */
  alike: string[];
}

/** How many values are shown. */
const MOST_ROWS = 8;
/** Standard errors within which two shares differ by chance: of fifty values that are looked at, one in a thousand is beyond by it. */
const CHANCE = 3.3;

/**
 * Splits what differs from what is within chance: the difference of two shares against its standard error under one common share
 * (the pooled two-proportion test).
 */
export function differing({ inside, outside, values }: Differences): Differing {
  const rows: Difference[] = [];
  const differ = new Set<string>();
  const seen = new Set<string>();
  // Shares of nothing differ from none.
  if (inside === 0 || outside === 0) return { rows, alike: [] };
  for (const one of values) {
    seen.add(one.property);
    const [a, b] = [one.inside / inside, one.outside / outside];
    const common = (one.inside + one.outside) / (inside + outside);
    const error = Math.sqrt(common * (1 - common) * (1 / inside + 1 / outside));
    if (Math.abs(a - b) <= CHANCE * error) continue;
    differ.add(one.property);
    rows.push({ property: one.property, value: one.value, inside: a, outside: b });
  }
  return { rows: rows.slice(0, MOST_ROWS), alike: [...seen].filter((name) => !differ.has(name)) };
}

/** A difference of shares in points: `+73`. */
export function pointsText(
  { inside, outside }: Pick<Difference, 'inside' | 'outside'>,
  { fixed }: Pick<Formats, 'fixed'>,
): string {
  const points = (inside - outside) * 100;
  return `${points > 0 ? '+' : ''}${fixed(points, Math.abs(points) < 10 ? 1 : 0)}`;
}

/** Returns why the chart cannot be filtered by a property; null where it can. */
export function filterRefusal(
  property: string,
  { id, groupBy }: Pick<KnownMetric, 'id' | 'groupBy'>,
): string | null {
  if (groupBy.includes(property)) return null;
  const has = groupBy.length === 0 ? 'it has none' : `it has ${groupBy.join(', ')}`;
  return `${property} is no dimension of ${id} (${has}), so that its values are not kept apart.`;
}
