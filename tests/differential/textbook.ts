import type { AggregateCall } from '#contracts/metric/aggregate-call.ts';
import type { Came } from './naive-funnels.ts';
import type { OracleCell } from './value-oracle.ts';

/** Where an output must lie, both ends included. */
export type Expectation = { low: number; high: number };

const near = (value: number, off = 0): Expectation => ({ low: value - off, high: value + off });

/**
 * The outputs of an aggregate from the values themselves, by textbook definitions and none of the code of aggregates.
 * `slack` bounds what the order of float additions may do. Returns null for an aggregate that is not known here: then only
 * live and SQL are compared.
 */
export function expectOutputs(
  { name, args, spans = [], conditions = [] }: AggregateCall,
  { values, times }: OracleCell,
  pane: number,
  slack: number,
): Expectation[] | null {
  if (name === 'retention') return returnsOf(values as string[], times, spans[0]!, args[0]!);
  if (name === 'funnel') return stepsOf(values as Came[], conditions.length);
  if (name === 'count') return [near(values.length)];
  if (name === 'rate') return [near((values.length * 1_000) / pane, 1e-9)];
  if (name === 'distinct') return [countDistinct(values)];
  if (name === 'share' || name === 'ratio') return ratioOf(values as boolean[][], name === 'share');
  if (name === 'sessions') return sessionsFrom(values as number[][]);
  if (name === 'time_weighted') return meanOver(values as number[][], slack);
  if (name === 'topk') return mostFrequent(values, args[0]!);
  const numbers = (values as number[]).map((n) => n + 0);
  const sorted = numbers.toSorted((a, b) => a - b);
  if (name === 'min') return [near(sorted[0]!)];
  if (name === 'max') return [near(sorted.at(-1)!)];
  if (name === 'sum') return [near(sumOf(numbers), slack)];
  // Values of a counter are what it rose by.
  if (name === 'increase') return [near(sumOf(numbers), slack)];
  if (name === 'counter_rate') return [near((sumOf(numbers) * 1_000) / pane, slack)];
  if (name === 'avg') return [near(meanOf(numbers), slack + Math.abs(meanOf(numbers)) * Number.EPSILON)];
  if (name === 'variance') return [near(varianceOf(numbers), slack)];
  if (name === 'stddev') return [near(Math.sqrt(varianceOf(numbers)), slack)];
  if (name === 'first') return [near(numbers[times.indexOf(Math.min(...times))]!)];
  if (name === 'last') return [near(numbers[times.lastIndexOf(Math.max(...times))]!)];
  if (name === 'median') return [rankIn(sorted, 0.5)];
  if (name === 'quantiles') return args.map((q) => rankIn(sorted, q));
  if (name === 'histogram') return args.length === 0 ? spreadOf(sorted) : countsBetween(sorted, args);
  if (name === 'percentile_rank') return args.map((bound) => shareUpTo(sorted, bound));
  return null;
}

/** How many keys of the first period had an event in each of those that follow; days from midnight, weeks from Monday, in UTC. */
function returnsOf(
  keys: readonly string[],
  times: readonly number[],
  span: number,
  most: number,
): Expectation[] | null {
  // Above that it is an estimate.
  if (new Set(keys).size > 2_048) return null;
  const monday = span % 604_800_000 === 0 ? Date.UTC(2024, 0, 1) : 0;
  const periods = times.map((ts) => Math.floor((ts - monday) / span));
  const first = Math.min(...periods);
  const keysOf = (period: number): Set<string> => new Set(keys.filter((_, i) => periods[i] === period));
  const cohort = keysOf(first);
  return Array.from({ length: most + 1 }, (_, i) =>
    near([...keysOf(first + i)].filter((key) => cohort.has(key)).length),
  );
}

/** Of integrals and the ms that they are over. */
function meanOver(held: readonly number[][], slack: number): Expectation[] | null {
  const ms = sumOf(held.map(([, own = 0]) => own));
  // Without a value there is nothing to compare.
  if (ms <= 0) return null;
  const mean = sumOf(held.map(([integral = 0]) => integral)) / ms;
  return [near(mean, slack + Math.abs(mean) * Number.EPSILON)];
}

/** How many keys came to each step, and the median of the shortest times: of an even number the lower one. */
function stepsOf(came: readonly Came[], steps: number): Expectation[] | null {
  const byKey = [...Map.groupBy(came, ({ key }) => key).values()];
  // Without an entry there is no value, and above that it is an estimate.
  if (byKey.length === 0 || byKey.length > 2_048) return null;
  const counts = Array.from({ length: steps }, (_, i) =>
    near(byKey.filter((own) => own.some(({ step }) => step > i)).length),
  );
  const times = byKey.flatMap((own) => {
    const all = own.flatMap(({ ms }) => (ms === null ? [] : [ms]));
    return all.length === 0 ? [] : [Math.min(...all)];
  });
  const sorted = times.sort((a, b) => a - b);
  return sorted.length === 0 ? counts : [...counts, near(sorted[(sorted.length - 1) >> 1]! / 1_000)];
}

/** Of those for which the first condition holds, to all or to those for which the second does. */
function ratioOf(values: readonly (readonly boolean[])[], isShare: boolean): Expectation[] | null {
  const first = values.filter((held) => held[0]).length;
  const second = isShare ? values.length : values.filter((held) => held[1]).length;
  // Without a value there is nothing to compare.
  return second === 0 ? null : [near(first / second), near(first), near(second)];
}

/** Of the sums that each event adds; without a session nothing is known. */
function sessionsFrom(values: readonly (readonly number[])[]): Expectation[] | null {
  const [count, ms, events, bounced] = [0, 1, 2, 3].map((i) => sumOf(values.map((sums) => sums[i]!))) as [
    number,
    number,
    number,
    number,
  ];
  return count <= 0
    ? null
    : [near(count), near(ms / count / 1_000), near(events / count), near(bounced / count)];
}

/**
 * Counts by rank, the total and the error. Above so many values counts are estimates; below the last rank there is nothing to compare. What
 * is too long, or has no name in groups either, has no rank.
 */
function mostFrequent(values: readonly unknown[], ranks: number): Expectation[] | null {
  const named = values.map(String).filter((text) => text !== '__other__' && Buffer.byteLength(text) <= 128);
  const counts = [...Map.groupBy(named, (text) => text).values()].map(({ length }) => length);
  if (counts.length < ranks || counts.length > 1_023) return null;
  return [...counts.sort((a, b) => b - a).slice(0, ranks), values.length, 0].map((n) => near(n));
}

/** Exact when small; six standard errors above that. */
function countDistinct(values: readonly unknown[]): Expectation {
  const exact = new Set(values.map(String)).size;
  return near(exact, exact > 1_024 ? exact * 0.05 : 0);
}

/** Above the lower bound, and up to the upper one. */
const countsBetween = (sorted: readonly number[], bounds: readonly number[]): Expectation[] =>
  [...bounds, Infinity].map((upper, i) =>
    near(sorted.filter((n) => n <= upper && n > (bounds[i - 1] ?? -Infinity)).length),
  );

/** The ends, and twenty buckets of one width: a value within 0.8 % of a bound may lie on its other side. */
function spreadOf(sorted: readonly number[]): Expectation[] {
  const [low, high] = [sorted[0]!, sorted.at(-1)!];
  const bounds = Array.from({ length: 20 }, (_, i) =>
    i === 19
      ? high
      : Math.max(
          low,
          Math.min(high, 2 * (low / 2 + ((high / 2) * ((i + 1) / 20) - (low / 2) * ((i + 1) / 20)))),
        ),
  );
  const offOf = (n: number): number => Math.abs(n) * 0.008 + 2 ** -1_022;
  const upTo = (bound: number): Expectation => ({
    low: sorted.filter((n) => Math.min(high, n + offOf(n)) <= bound).length,
    high: sorted.filter((n) => Math.max(low, n - offOf(n)) <= bound).length,
  });
  const all = bounds.map(upTo);
  const buckets = all.map((own, i) => ({
    low: own.low - (all[i - 1]?.high ?? 0),
    high: own.high - (all[i - 1]?.low ?? 0),
  }));
  return [near(low), near(high), ...buckets];
}

/** Denormal doubles have fewer bits than a bin. The ends are exact, and nothing lies beyond them. */
function rankIn(sorted: readonly number[], q: number): Expectation {
  const rank = Math.floor(q * (sorted.length - 1));
  const exact = sorted[rank]!;
  if (rank === 0 || rank === sorted.length - 1) return near(exact);
  const { low, high } = near(exact, Math.abs(exact) * 0.008 + 2 ** -1_022);
  return { low: Math.max(low, sorted[0]!), high: Math.min(high, sorted.at(-1)!) };
}

/** Everything up to the bound counts; what is above it by less than 1/64 may, unless nothing is below the bound. */
function shareUpTo(sorted: readonly number[], bound: number): Expectation {
  if (bound < sorted[0]!) return near(0);
  const upTo = (most: number): number => sorted.filter((n) => n <= most).length / sorted.length;
  return { low: upTo(bound), high: upTo(bound + Math.abs(bound) / 64) };
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const meanOf = (numbers: readonly number[]): number => sumOf(numbers) / numbers.length;

function varianceOf(numbers: readonly number[]): number {
  const mean = meanOf(numbers);
  return meanOf(numbers.map((n) => (n - mean) ** 2));
}
