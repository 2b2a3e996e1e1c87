import type { Schema, Static } from '../schema/schema.ts';
import { FILLED } from './backfill-progress.ts';

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

export type SchemaAnswer = Static<typeof SCHEMA_ANSWER>;
