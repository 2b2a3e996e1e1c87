import { nullable, type Schema, type Static } from '../schema/schema.ts';
import { SERIES_ANSWER } from './series-result.ts';

const { cursor: _, next: __, version: ___, ...SERIES_FIELDS } = SERIES_ANSWER.properties;

const WHOLE = { type: 'integer' } as const satisfies Schema;
const TEXT = { type: 'string' } as const satisfies Schema;
const TIME = { type: 'number', description: 'Epoch ms' } as const satisfies Schema;

/** One reason for which events are not counted. */
const SKIPPED = {
  type: 'object',
  required: ['field', 'expected', 'found', 'events'],
  properties: { field: TEXT, expected: TEXT, found: TEXT, events: WHOLE },
} as const satisfies Schema;

/** What is known of a definition that is not saved, beside its values. */
const NOTES = {
  complete: {
    type: 'boolean',
    description: 'Whether it is all of the range. If not, the same request soon after gives more',
  },
  progress: { type: 'number', description: 'About how much of the work is done, from 0 to 1' },
  evaluated: nullable({
    type: 'object',
    description: 'The time that was looked at: all of the range, or its newest part',
    required: ['from', 'to'],
    properties: { from: TIME, to: TIME },
  }),
  events: nullable({
    type: 'object',
    description: 'Archived events of the time that was looked at which fit the names and the filter',
    required: ['matched', 'counted', 'imported', 'late', 'skipped'],
    properties: {
      matched: WHOLE,
      counted: WHOLE,
      imported: { ...WHOLE, description: 'Of those counted' },
      late: { ...WHOLE, description: 'Not counted: later than `lateness` allows' },
      skipped: {
        type: 'array',
        description: 'Not counted for the value of a property, by the first one at fault',
        items: SKIPPED,
      },
    },
  }),
  cost: nullable({
    type: 'object',
    description: 'What it would add to the Store in a day like the time that was looked at: an estimate',
    required: ['groups', 'rows', 'rowsPerDay', 'bytesPerDay', 'estimatedFrom'],
    properties: {
      groups: WHOLE,
      rows: { ...WHOLE, description: 'Stored rows of the time that was looked at' },
      rowsPerDay: WHOLE,
      bytesPerDay: WHOLE,
      estimatedFrom: { ...TEXT, description: 'What the figures of a day are made of' },
    },
  }),
  similar: {
    type: 'array',
    description: 'Metrics like it',
    items: {
      type: 'object',
      required: ['metric', 'title', 'same'],
      properties: {
        metric: TEXT,
        title: TEXT,
        same: {
          type: 'boolean',
          description: 'Whether it counts the very same; else its events and its aggregate are the same',
        },
      },
    },
  },
} as const satisfies Readonly<Record<string, Schema>>;

/** What a view of a definition that is not saved carries beside its values. */
export const PREVIEW_NOTES = {
  type: 'object',
  description:
    'What saving the definition would cost, what it does not count, and how much of the range is there',
  required: ['complete', 'progress', 'evaluated', 'events', 'cost', 'similar'],
  properties: NOTES,
} as const satisfies Schema;

export type PreviewNotes = Static<typeof PREVIEW_NOTES>;

/** The answer of `POST /v1/preview`. */
export const PREVIEW_ANSWER = {
  type: 'object',
  description: 'What saving the definition would give, what it would cost, and what it does not count',
  required: ['complete', 'progress', 'metric', 'evaluated', 'series', 'events', 'cost', 'similar'],
  properties: {
    complete: NOTES.complete,
    progress: NOTES.progress,
    metric: {
      type: 'object',
      additionalProperties: {},
      description: 'The definition in canonical form',
    },
    evaluated: NOTES.evaluated,
    series: nullable({
      type: 'object',
      description: 'As GET /v1/metrics/{id}/series has it, of the time that was looked at',
      required: ['metric', 'window', 'panes', 'open', 'series', 'filled', 'begins'],
      properties: SERIES_FIELDS,
    }),
    events: NOTES.events,
    cost: NOTES.cost,
    similar: NOTES.similar,
  },
} as const satisfies Schema;

export type PreviewAnswer = Static<typeof PREVIEW_ANSWER>;
