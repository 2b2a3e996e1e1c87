import type { Schema, Static } from '../schema/schema.ts';

const COUNT = { type: 'integer', minimum: 0 } as const satisfies Schema;
const TEXTS = { type: 'array', items: { type: 'string' } } as const satisfies Schema;

/** The groups of a metric over its first dimensions. */
const GROUP_LEVEL = {
  type: 'object',
  required: ['dimensions', 'places', 'distinct', 'values', 'other', 'leftOut'],
  properties: {
    dimensions: { ...TEXTS, description: 'The first dimensions of the metric, up to this level' },
    places: {
      ...COUNT,
      description: 'Most places of this level that are taken in one pane of one partition; at most `cap`',
    },
    distinct: { ...COUNT, description: 'How many groups over these dimensions there are: an estimate' },
    values: { ...COUNT, description: 'How many values the last of these dimensions has: an estimate' },
    other: {
      ...COUNT,
      description: 'Events that are counted as `__other__` in the last of these dimensions: exact',
    },
    leftOut: {
      type: 'array',
      description: 'Groups of these events, those with most of them first; exact',
      items: {
        type: 'object',
        required: ['group', 'events'],
        properties: { group: TEXTS, events: COUNT },
      },
    },
  },
} as const satisfies Schema;

/** An answer of `GET /v1/metrics/:id/groups`. */
export const METRIC_GROUPS = {
  type: 'object',
  required: ['metric', 'version', 'from', 'to', 'cap', 'events', 'error', 'levels'],
  properties: {
    metric: { type: 'string' },
    version: { type: 'integer' },
    from: { type: 'number', description: 'Start of the first pane that was looked at, epoch ms' },
    to: { type: 'number', description: 'End of the last pane, epoch ms' },
    cap: {
      type: ['integer', 'null'],
      description:
        'Places of each level in a pane of a partition (MILLRACE_GROUPS); null before the first event',
    },
    events: { ...COUNT, description: 'Stored events that the metric counts in these panes' },
    error: {
      type: 'number',
      description: 'Relative standard error of `distinct` and `values`; small numbers are exact',
    },
    levels: { type: 'array', items: GROUP_LEVEL, description: 'One a dimension, in the order of the metric' },
  },
} as const satisfies Schema;

export type MetricGroups = Static<typeof METRIC_GROUPS>;
