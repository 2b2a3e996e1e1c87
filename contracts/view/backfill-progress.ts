import type { Schema, Static } from '../schema/schema.ts';

/** Why the rest of a history is not in: it could not be filled in so far, and is tried again. */
export const FILL_FAILURE = {
  type: 'object',
  required: ['code', 'message', 'attempts', 'next'],
  properties: {
    code: { type: 'string' },
    message: { type: 'string' },
    attempts: { type: 'integer' },
    next: { type: 'number', description: 'When it is tried again, epoch ms' },
  },
} as const satisfies Schema;

/** How many partitions of the events topic have reported a metric version's history, of all. */
export const FILLED = {
  type: 'object',
  description: 'Back-fill progress: partitions done of all; `failing` says why the rest failed',
  required: ['done', 'of'],
  properties: { done: { type: 'integer' }, of: { type: 'integer' }, failing: FILL_FAILURE },
} as const satisfies Schema;

export type FillFailure = Static<typeof FILL_FAILURE>;
export type Filled = Static<typeof FILLED>;

/** Returns the progress while the back-fill is incomplete; null when it is complete or unknown. */
export const lackOf = (filled: Filled | undefined): Filled | null =>
  filled && filled.done < filled.of ? filled : null;
