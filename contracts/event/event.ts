import { ERROR_CODES } from '../errors.ts';
import type { Schema, Static } from '../schema/schema.ts';
import { DAY, MINUTE } from '../text/duration.ts';
/** Limits on events, all settings; these are the stated defaults. */
export interface EventLimits {
  /** Bytes of one event's JSON text. */
  eventBytes: number;
  /** Bytes of a request's body after decompression, and events in it. */
  batchBytes: number;
  batchEvents: number;
  /** Properties of one event, counting nested ones. */
  properties: number;
  /** Characters of an event name, a property name, an id or a key. */
  nameLength: number;
  /** Nesting below the event object. */
  depth: number;
}

export const DEFAULT_LIMITS: EventLimits = {
  eventBytes: 65_536,
  batchBytes: 10_485_760,
  batchEvents: 10_000,
  properties: 256,
  nameLength: 200,
  depth: 32,
};

/**
 * What no setting of ingest goes beyond: a record that says it is ingest's is held to these, since any producer
 * may say so.
 */
export const WIDEST_LIMITS: EventLimits = {
  eventBytes: 240_000,
  batchBytes: 1_000_000_000,
  batchEvents: 1_000_000,
  /** The event's own fields are counted with them. */
  properties: 10_005,
  nameLength: 10_000,
  depth: DEFAULT_LIMITS.depth,
};
export const WIDEST_SKEW = DAY;

/** How far ahead of its receipt an event's timestamp may be, ms. */
export const FUTURE_SKEW = 5 * MINUTE;

/** What the answer to a POST says of each event that was not accepted. */
export const EVENT_ERROR = {
  type: 'object',
  required: ['index', 'id', 'code', 'message'],
  properties: {
    index: { type: 'integer', description: 'Position in the request, from 0; blank lines are not counted.' },
    id: { type: ['string', 'null'] },
    code: { type: 'string', enum: ERROR_CODES },
    field: { type: 'string' },
    message: { type: 'string' },
  },
} as const satisfies Schema;

export type EventError = Static<typeof EVENT_ERROR>;

/** The answer to `POST /v1/events`: accepted + duplicates + rejected = events in the request. */
export const POST_ANSWER = {
  type: 'object',
  required: ['accepted', 'late', 'duplicates', 'rejected', 'errors'],
  properties: {
    accepted: { type: 'integer' },
    late: {
      type: 'integer',
      description:
        'Of the accepted events, those that are too late for every metric that counts them, as far as this process knows.',
    },
    duplicates: { type: 'integer', description: 'Events that repeat a key and id of this request.' },
    rejected: { type: 'integer' },
    errors: {
      type: 'array',
      items: EVENT_ERROR,
      description: 'The first refused events, as many as fit into a response.',
    },
    omitted: {
      type: 'integer',
      description: 'Number of refused events that `errors` does not list; absent if it lists all.',
    },
  },
} as const satisfies Schema;

export type PostAnswer = Static<typeof POST_ANSWER>;
