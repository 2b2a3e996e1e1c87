import { parseDuration } from '#contracts/text/duration.ts';
import type { EventFacts } from '../app/schema-store.svelte.ts';
import type { ChartKind } from '../charts/trace/trace.ts';
import { type Entry, findEntries, type Offer } from '../sentence/entry.ts';
import type { KnownMetric } from './known-metrics.ts';

/** The words of the slots that offer words of ours, and what they stand for. */
export const AGAINST: ReadonlyMap<string, string | null> = new Map([
  ['nothing', null],
  ['the range before', 'previous'],
  ['an hour earlier', '1h'],
  ['a day earlier', '1d'],
  ['a week earlier', '7d'],
]);
export const KINDS: ReadonlyMap<string, ChartKind> = new Map([
  ['lines', 'line'],
  ['areas', 'area'],
  ['bars', 'bars'],
]);
export const ALL_VALUES = 'all values';
export const NOTHING = 'nothing';
const WINDOWS = ['1s', '5s', '10s', '30s', '1m', '5m', '10m', '30m', '1h', '6h', '1d'];

/** Returns the word for a value; where there is none, `otherwise`. */
export const wordOf = <T>(words: ReadonlyMap<string, T>, value: T, otherwise: string): string =>
  [...words].find(([, one]) => one === value)?.[0] ?? otherwise;

export const offerWords = (words: Iterable<string>, typed: string): Offer => ({
  entries: findEntries(
    [...words].map((text) => ({ text })),
    typed,
  ),
});

/** Metrics by id or title; what begins with "=" is an expression. */
export function offerMetrics(metrics: readonly KnownMetric[], typed: string): Offer {
  if (typed.startsWith('=')) return { entries: [{ text: typed, about: 'computed as it comes, not saved' }] };
  const all = metrics.map(
    (metric): Entry => ({
      text: metric.id,
      about: metric.title === metric.id ? metric.aggregate : `${metric.title}, ${metric.aggregate}`,
    }),
  );
  return { entries: findEntries(all, typed) };
}

/** Windows; any other duration may be written. */
export function offerWindows(typed: string, own: string | null): Offer {
  const all: Entry[] = [
    { text: own ?? 'what fits', about: own === null ? 'as the range has room' : 'the window of the metric' },
    ...WINDOWS.filter((text) => text !== own).map((text) => ({ text })),
  ];
  const entries = findEntries(all, typed);
  if (typed === '' || entries.some(({ text }) => text === typed)) return { entries };
  if (parseDuration(typed, '').ok) return { entries: [{ text: typed }, ...entries] };
  return entries.length > 0
    ? { entries }
    : { entries: all, fault: 'A window is a duration such as 10s or 5m.' };
}

/** How the dimensions are called that groups are made of. */
export const splitText = (by: readonly string[]): string => by.join(' and ');

/** Nothing, each dimension and all of them; a property that is none stays in the list, with the reason. */
export function offerSplits(
  known: Pick<KnownMetric, 'id' | 'groupBy'> | null,
  facts: EventFacts | null,
  typed: string,
): Offer {
  const dims = known?.groupBy ?? [];
  const others = (facts?.properties ?? []).filter(({ path }) => !dims.includes(path));
  const entries: Entry[] = [
    { text: NOTHING, about: 'all groups together' },
    ...dims.map((text): Entry => {
      const seen = facts?.properties.find(({ path }) => path === text)?.distinct;
      return seen === undefined ? { text } : { text, value: `${seen} different` };
    }),
    ...(dims.length > 1 ? [{ text: splitText(dims), about: 'each combination' }] : []),
    ...others.map(({ path }): Entry => ({ text: path, refused: `no dimension of ${known?.id ?? 'it'}` })),
  ];
  return { entries: findEntries(entries, typed) };
}

/** Returns the dimensions that a line of `offerSplits` stands for. */
export function splitOf(text: string, dims: readonly string[]): readonly string[] {
  if (text === NOTHING) return [];
  return text === splitText(dims) ? dims : [text];
}

/** What is known of an event, as far as a filter over the dimensions of a metric can use it. */
export function factsOfDimensions(facts: EventFacts | null, dims: readonly string[]): EventFacts | null {
  if (facts === null) return null;
  // More may exist: what is no dimension is refused with its reason where the view is asked for.
  return {
    ...facts,
    properties: facts.properties.filter(({ path }) => dims.includes(path)),
    pathsLeftOut: 1,
  };
}
