import type { Schema } from '#contracts/schema/schema.ts';
import { FILLED } from '#contracts/view/backfill-progress.ts';
import type { EventSample, NameSpan } from '#platform/store/store.ts';
import type { Steps } from '../../core/steps.ts';
import type { SeriesAnswer } from '../series/series-answer.ts';
import { type EventProfile, type ProfileBounds, profileEvents } from './event-profile.ts';

const WHOLE = { type: 'integer' } as const satisfies Schema;
const TEXT = { type: 'string' } as const satisfies Schema;
const KNOWN_TIME = { type: ['number', 'null'], description: 'Epoch ms' } as const satisfies Schema;
const KNOWN_NUMBER = { type: ['number', 'null'] } as const satisfies Schema;

const PROPERTY = {
  type: 'object',
  required: ['path', 'events', 'types', 'distinct', 'values', 'examples', 'min', 'max'],
  properties: {
    path: { ...TEXT, description: 'As definitions and filters name it' },
    events: { ...WHOLE, description: 'Sampled events that have it, null included' },
    types: {
      type: 'array',
      description: 'Types of its values, the most frequent first',
      items: {
        type: 'object',
        required: ['type', 'events'],
        properties: {
          type: { enum: ['text', 'number', 'boolean', 'null', 'array', 'object'] },
          events: WHOLE,
        },
      },
    },
    distinct: { ...WHOLE, description: 'Different values in the sample, as text' },
    values: {
      type: 'array',
      description: 'The most frequent values in the sample, as text; long ones are cut',
      items: { type: 'object', required: ['value', 'events'], properties: { value: TEXT, events: WHOLE } },
    },
    examples: { type: 'array', items: TEXT, description: 'Some values as JSON text; long ones are cut' },
    min: { ...KNOWN_NUMBER, description: 'Of numbers in the sample' },
    max: { ...KNOWN_NUMBER, description: 'Of numbers in the sample' },
  },
} as const satisfies Schema;

/** The answer of `GET /v1/schema`. */
export const SCHEMA_ANSWER = {
  type: 'object',
  required: ['range', 'asOf', 'begins', 'filled', 'events', 'leftOut', 'sampledFrom'],
  properties: {
    range: {
      type: 'object',
      description: 'The time that counts and rates are of, epoch ms',
      required: ['from', 'to'],
      properties: { from: { type: 'number' }, to: { type: 'number' } },
    },
    asOf: { ...KNOWN_TIME, description: 'Up to when counts are complete, epoch ms' },
    begins: { ...KNOWN_TIME, description: 'From where on events are counted, epoch ms' },
    filled: FILLED,
    events: {
      type: 'array',
      description: 'Names of events, the most frequent first',
      items: {
        type: 'object',
        required: ['event', 'count', 'rate', 'first', 'last', 'sampled', 'properties', 'pathsLeftOut'],
        properties: {
          event: TEXT,
          count: { ...WHOLE, description: 'Events in the range, exact' },
          rate: { ...KNOWN_NUMBER, description: 'Events per second of the range as far as it has passed' },
          first: { ...KNOWN_TIME, description: 'Start of the first 10 s or, long ago, hour with an event' },
          last: { ...KNOWN_TIME, description: 'Start of the last 10 s or, long ago, hour with an event' },
          sampled: {
            type: 'object',
            description: 'How many events the facts about properties are of, of how many newest ones',
            required: ['events', 'of'],
            properties: { events: WHOLE, of: WHOLE },
          },
          properties: { type: 'array', items: PROPERTY },
          pathsLeftOut: { ...WHOLE, description: 'Properties that were found and are not told' },
        },
      },
    },
    leftOut: { ...WHOLE, description: 'Names that are not told; with `event`, all others' },
    other: {
      ...WHOLE,
      description:
        'Events of the range beyond the cap of names in 10 s, whose names are not counted by themselves',
    },
    sampledFrom: { ...KNOWN_TIME, description: 'Time of the oldest event among which samples were taken' },
  },
} as const satisfies Schema;

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
