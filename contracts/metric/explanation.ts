import { ARCHIVED_EVENT, EVENT_PAGE } from '../event/event-page.ts';
import { nullable, type Schema, type Static } from '../schema/schema.ts';

/**
 * What became of an archived event for a metric: the part that counts it (`live`, `filled` in before the metric's activation, `added` by an
 * import or a rebuild), or why none does. `imported` waits to be filled in, `before` is older than the metric and not filled in.
 */
export const OUTCOMES = [
  'live',
  'filled',
  'added',
  'late',
  'before',
  'imported',
  'skipped',
  'absent',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Those that count, by the part that holds them. */
export const COUNTED = ['live', 'filled', 'added'] as const;
export type Counted = (typeof COUNTED)[number];

export const isCounted = (outcome: Outcome): outcome is Counted =>
  (COUNTED as readonly Outcome[]).includes(outcome);

/** Types of a property, as an event has it. */
export const PROPERTY_TYPES = ['text', 'number', 'boolean', 'list', 'object', 'nothing'] as const;
export type PropertyType = (typeof PROPERTY_TYPES)[number];

/** The type of a value of an event. */
export function propertyType(value: unknown): PropertyType {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  return Array.isArray(value) ? 'list' : 'object';
}

/** What a value has to be, in words. */
export const expectedBy = (input: string): string =>
  input === 'number' ? 'a finite number' : 'text, a number or a boolean';

const TEXT = { type: 'string' } as const satisfies Schema;
const COUNT = { type: 'integer', minimum: 0 } as const satisfies Schema;
const TIME = { type: 'integer', description: 'Epoch ms' } as const satisfies Schema;
const NUMBER_OR_NULL = { type: ['number', 'null'] } as const satisfies Schema;

/** What both answers begin with: which cells they are about. */
const SELECTION = {
  metric: TEXT,
  version: { type: 'integer' },
  from: { ...TIME, description: 'Start of the first pane, epoch ms' },
  to: { ...TIME, description: 'End of the last pane, epoch ms' },
} as const satisfies Readonly<Record<string, Schema>>;

/** The answer to `GET /v1/metrics/:id/explain`. */
export const EXPLANATION = {
  type: 'object',
  required: [
    ...['metric', 'version', 'from', 'to', 'count', 'values', 'partial', 'parts', 'partitions'],
    ...['late', 'before', 'imported', 'skipped', 'absent', 'duplicates', 'events', 'searched', 'next'],
  ],
  properties: {
    ...SELECTION,
    count: { ...COUNT, description: 'Archived events that the cell is made of' },
    values: nullable({
      type: 'object',
      description: 'Values of the cell by output, as the Store holds it; null: it holds none.',
      additionalProperties: NUMBER_OR_NULL,
    }),
    partial: {
      type: 'boolean',
      description:
        'Whether a part of these panes is merged into `__other__`: the named groups are then lower bounds.',
    },
    parts: {
      type: 'object',
      description:
        'The count by the part of the metric that holds the events: folded as they came, back-filled, added by imports and rebuilds.',
      required: ['live', 'filled', 'added'],
      properties: { live: COUNT, filled: COUNT, added: COUNT },
    },
    partitions: {
      type: 'array',
      description: 'The count by source partition, and the offset below which its events are known here.',
      items: {
        type: 'object',
        required: ['partition', 'count', 'committed'],
        properties: { partition: COUNT, count: COUNT, committed: COUNT },
      },
    },
    late: { ...COUNT, description: 'Came too late for the metric: archived, and not counted' },
    before: { ...COUNT, description: 'Older than the metric, and not back-filled (yet)' },
    imported: { ...COUNT, description: 'Imported, and not added (yet)' },
    skipped: {
      type: 'array',
      description: 'Events with a value of the wrong type, by property and type, the most frequent first.',
      items: {
        type: 'object',
        required: ['field', 'expected', 'found', 'count'],
        properties: {
          field: TEXT,
          expected: TEXT,
          found: { enum: PROPERTY_TYPES },
          count: COUNT,
        },
      },
    },
    absent: { ...COUNT, description: 'Events without a value at the field of the aggregate' },
    duplicates: {
      ...COUNT,
      description:
        'Repeats of an id, of all events since the Log began. Repeats are not archived, so that it is not known in which window one would be; none is in any count.',
    },
    events: {
      type: 'array',
      items: ARCHIVED_EVENT,
      description: 'A page of the counted events, newest first.',
    },
    searched: EVENT_PAGE.properties.searched,
    next: EVENT_PAGE.properties.next,
  },
} as const satisfies Schema;

export type Explanation = Static<typeof EXPLANATION>;

/** The answer to `GET /v1/metrics/:id/explain` for a derived metric. */
export const DERIVED_EXPLANATION = {
  type: 'object',
  required: ['metric', 'version', 'from', 'to', 'of'],
  properties: {
    ...SELECTION,
    of: {
      type: 'array',
      description:
        'The cells that it is computed from, each metric in each time that it takes part with; `next` is a cursor of that metric.',
      items: EXPLANATION,
    },
  },
} as const satisfies Schema;

export type DerivedExplanation = Static<typeof DERIVED_EXPLANATION>;

/** The answer to `GET /v1/metrics/:id/differs`. */
export const DIFFERENCES = {
  type: 'object',
  required: [
    'metric',
    'version',
    'from',
    'to',
    'against',
    'inside',
    'outside',
    'sample',
    'omitted',
    'values',
  ],
  properties: {
    ...SELECTION,
    against: {
      type: 'object',
      description: 'What the selection is compared with: other groups of the same time, or the time before.',
      required: ['groups', 'from', 'to'],
      properties: {
        groups: { enum: ['others', 'same'] },
        from: TIME,
        to: TIME,
      },
    },
    inside: { ...COUNT, description: 'Counted events of the selection that were looked at' },
    outside: { ...COUNT, description: 'Those of what it is compared with' },
    sample: {
      type: 'integer',
      minimum: 1,
      description:
        '1: all counts are exact. Else one event in so many was looked at, and counts are of those.',
    },
    omitted: {
      type: 'boolean',
      description: 'Whether there are properties that were not compared, since others are more frequent.',
    },
    values: {
      type: 'array',
      description: 'Values whose share differs most, by the size of `difference`, then by name and value.',
      items: {
        type: 'object',
        required: ['property', 'value', 'inside', 'outside', 'difference'],
        properties: {
          property: { type: 'string', description: 'As definitions name it' },
          value: { type: 'string', description: 'Canonical text, at most 200 characters' },
          inside: COUNT,
          outside: COUNT,
          difference: {
            type: 'number',
            minimum: -1,
            maximum: 1,
            description: 'Its share of the events inside minus that of the events outside',
          },
        },
      },
    },
  },
} as const satisfies Schema;

export type Differences = Static<typeof DIFFERENCES>;
