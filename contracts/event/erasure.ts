import type { Schema, Static } from '../schema/schema.ts';

/** The answer to `DELETE /v1/events`: what was removed, and what was not. */
export const ERASURE = {
  type: 'object',
  required: ['removed', 'before', 'logUntil', 'metrics'],
  properties: {
    removed: { type: 'integer', description: 'Events that were removed from the archive.' },
    before: {
      type: 'number',
      description: 'Events of the key that were accepted before this time are removed, epoch ms.',
    },
    logUntil: {
      type: ['number', 'null'],
      description:
        'Up to when the topics `events` and `rejected` may hold them, by the retention with which they were made, epoch ms; null: for ever.',
    },
    metrics: {
      type: 'array',
      items: { type: 'string' },
      description:
        'Metrics that count events of these names: what they have counted stays, and so do values that are names of groups.',
    },
  },
} as const satisfies Schema;

export type Erasure = Static<typeof ERASURE>;
