import type { Schema, Static } from '../schema/schema.ts';
import { FILL_FAILURE } from './backfill-progress.ts';

/** How far a metric's newest version is with the events that were late for it. */
export const REBUILD_PROGRESS = {
  type: 'object',
  required: ['metric', 'version', 'state', 'done', 'of'],
  properties: {
    metric: { type: 'string' },
    version: { type: 'integer', description: 'The version that is rebuilt: the newest' },
    state: {
      enum: ['none', 'running', 'done', 'cancelled'],
      description: 'none: never asked for; cancelled: what was not done by then is not done',
    },
    done: {
      type: 'integer',
      description: 'Partitions that count the late events which came before the request',
    },
    of: { type: 'integer', description: 'All partitions' },
    failing: FILL_FAILURE,
  },
} as const satisfies Schema;

export type RebuildProgress = Static<typeof REBUILD_PROGRESS>;
