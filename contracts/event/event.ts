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
export interface EventError {
  index: number;
  id: string | null;
  code: string;
  field?: string;
  message: string;
}

/** The answer to `POST /v1/events`: accepted + duplicates + rejected = events in the request. */
export interface PostAnswer {
  accepted: number;
  /** Repeats of an id inside the request. */
  duplicates: number;
  rejected: number;
  /** The first refused events, as many as fit into an answer. */
  errors: EventError[];
  /** How many refused events `errors` does not list; absent where it lists all. */
  omitted?: number;
}
