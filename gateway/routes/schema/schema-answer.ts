import type { SeriesAnswer } from '#contracts/view/series-result.ts';
import type { EventSample, NameSpan } from '#platform/store/store.ts';
import type { Steps } from '../../core/steps.ts';
import { type EventProfile, type ProfileBounds, profileEvents } from './event-profile.ts';

/** What is known of event names, from its three sources. */
export interface SchemaFacts {
  /** The built-in metric over the range, by name. */
  counts: SeriesAnswer;
  spans: readonly NameSpan[];
  sample: EventSample;
  /** Only this name; null: all. */
  event: string | null;
  names: number;
  bounds: ProfileBounds;
}

interface NameFacts {
  count: number;
  first: number | null;
  last: number | null;
  of: number;
  texts: string[];
}

/** The name of events beyond the cap. */
const OTHER = '__other__';

/** Joins what is known of each name, in steps. */
export function* answerSchema(facts: SchemaFacts): Steps<Record<string, unknown>> {
  const { counts, sample, event, names: most, bounds } = facts;
  const names = yield* collect(facts);
  const range = rangeOf(counts);
  const ranked = [...names].filter(([name]) => name !== OTHER || event === OTHER);
  ranked.sort(([a, { count: x }], [b, { count: y }]) => y - x || (a < b ? -1 : 1));
  yield;
  const told = ranked.filter(([name]) => event === null || name === event).slice(0, most);
  const seconds = range.passed / 1_000;
  const events: object[] = [];
  for (const [name, { count, first, last, of, texts }] of told) {
    const profile: EventProfile = yield* profileEvents(texts, bounds);
    const rate = seconds > 0 ? count / seconds : null;
    const sampled = { events: texts.length, of };
    const { properties, leftOut: pathsLeftOut } = profile;
    events.push({ event: name, count, rate, first, last, sampled, properties, pathsLeftOut });
    yield;
  }
  const other = names.get(OTHER)?.count ?? 0;
  return {
    range: { from: range.from, to: range.to },
    asOf: counts.asOf,
    begins: counts.begins,
    filled: counts.filled,
    events,
    leftOut: ranked.length - told.length,
    ...(other > 0 ? { other } : {}),
    sampledFrom: sample.from,
  };
}

function* collect({ counts, spans, sample }: SchemaFacts): Steps<Map<string, NameFacts>> {
  const names = new Map<string, NameFacts>();
  const of = (name: string): NameFacts => {
    const known = names.get(name) ?? { count: 0, first: null, last: null, of: 0, texts: [] };
    names.set(name, known);
    return known;
  };
  for (const { group, values } of counts.series) of(group.$event ?? '').count = values.at(-1) ?? 0;
  yield;
  for (const { group, first, last } of spans) Object.assign(of(group[0] ?? ''), { first, last });
  yield;
  for (const { event, events } of sample.names) of(event).of = events;
  for (const { event, properties } of sample.events) of(event).texts.push(properties);
  return names;
}

/** The newest window, and how much of it has passed since events were counted. */
function rangeOf({ panes, ends, end, window, asOf, begins }: SeriesAnswer) {
  const from = panes.at(-1) ?? end - window;
  const to = ends?.at(-1) ?? from + window;
  const passed = Math.min(to, asOf ?? to) - Math.max(from, begins ?? from);
  return { from, to, passed };
}
