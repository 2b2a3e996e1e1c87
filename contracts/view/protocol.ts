import type { Fault } from '../errors.ts';
import type { Warning } from '../log/system-record.ts';
import type { EventPosition } from '../metric/verdict.ts';
import { nullable, type Schema, type Static } from '../schema/schema.ts';
import type { Filled } from './backfill-progress.ts';
import type { Frame } from './frame.ts';
import type { SubscribeRequest } from './preview-request.ts';
import type { ViewInfo } from './view.ts';

/**
 * What a client says of itself when it enters the namespace (Socket.IO's `auth`). Programs may send the key as
 * `Authorization: Bearer` with the first request instead. A refusal is the `data` of Socket.IO's `connect_error`.
 */
export interface Entry {
  key?: string;
}

/** The Socket.IO events of the default namespace. docs/PROTOCOL.md is the specification in prose. */
export interface ClientToServer {
  /** Changes the key, before the current one expires. What the new one does not allow ends by notice. */
  auth: (message: { key: string }, reply: (answer: AuthReply) => void) => void;
  /** Asks for a view, or resumes it with a cursor; answered with its snapshot or with what changed since. */
  subscribe: (message: Subscribe, reply: (answer: SubscribeReply) => void) => void;
  unsubscribe: (message: Static<typeof UNSUBSCRIBE>) => void;
  /** Credit: everything up to this offset has been applied. */
  ack: (message: Static<typeof ACK>) => void;
  /** Turns the event tail on or off. */
  tail: (message: Static<typeof TAIL_SWITCH>) => void;
}

export interface ServerToClient {
  frame: (frame: Frame) => void;
  /** Once a second. */
  beat: (beat: Beat) => void;
  notice: (notice: Notice) => void;
  tail: (rows: Tail) => void;
}

/**
 * `end`: of the range that is held, epoch ms. Gateways can differ in how far they have heard, so what a client got
 * from one may lack windows that another shows.
 */
const RESUME_CURSOR = {
  type: 'object',
  required: ['epoch', 'offset'],
  expected: 'a cursor { epoch, offset, end? }',
  whole: true,
  properties: { epoch: { type: 'string' }, offset: { type: 'integer' }, end: { type: 'integer' } },
} as const satisfies Schema;

export type ResumeCursor = Static<typeof RESUME_CURSOR>;

/** A subscription as a gateway reads it: what the request in it says is judged where views are opened. */
export const SUBSCRIBE = {
  type: 'object',
  required: ['request'],
  expected: '{ request, cursor?, version? }',
  properties: {
    request: { anyOf: [{ type: 'object' }, { type: 'array' }] },
    cursor: nullable(RESUME_CURSOR),
    version: { type: 'integer', expected: 'a whole version' },
  },
} as const satisfies Schema;

export const UNSUBSCRIBE = {
  type: 'object',
  required: ['view'],
  expected: '{ view }',
  whole: true,
  properties: { view: { type: 'string' } },
} as const satisfies Schema;

export const ACK = {
  type: 'object',
  required: ['to'],
  expected: '{ to }',
  whole: true,
  properties: { to: { type: 'integer' } },
} as const satisfies Schema;

export const TAIL_SWITCH = {
  type: 'object',
  required: ['on'],
  expected: '{ on }',
  whole: true,
  properties: { on: { type: 'boolean' } },
} as const satisfies Schema;

export interface Subscribe {
  request: SubscribeRequest;
  /** Where to resume; with the version the client holds. Absent or null: a snapshot. */
  cursor?: ResumeCursor | null;
  version?: number;
}

export type SubscribeReply = { ok: true; info: ViewInfo; frame: Frame } | { ok: false; error: Refusal };

/** `expires`: epoch ms after which the key is no longer taken; null: never. After a refusal the old key counts on. */
export type AuthReply = { ok: true; expires: number | null } | { ok: false; error: Refusal };

/** A refusal says whether the same request can succeed later. */
export interface Refusal extends Fault {
  retry: boolean;
}

export interface Beat {
  /** Server clock, epoch ms. */
  time: number;
  /** Position of the gateway in the update stream. */
  offset: number;
  views: {
    view: string;
    asOf: number | null;
    watermark: number | null;
    /** While the metric's history is being filled in; absent when it is in. */
    filled?: Filled;
  }[];
  status: Status;
}

/** The numbers of the status bar; null where no process reports. */
export interface Status {
  /** Events accepted and events rejected per second, over the last seconds. */
  ingestRate: number | null;
  rejectedRate: number | null;
  /** Blocks in the events log that no aggregator has folded yet. */
  lag: number | null;
  /** Lowest shown watermark over partitions, epoch ms. */
  watermark: number | null;
  /** Share of late events since the log began, 0 to 1. */
  lateShare: number | null;
  viewers: number;
  /** Whether anything was ever received, and whether demo traffic runs: for the empty page. */
  events: number | null;
  /** What an operator should know of any of the processes; absent where there is nothing. */
  warnings?: Warning[];
}

/**
 * Sent once: a view ended, the server drains, a limit was reached. With `revoked_key` or `expired_key` for the whole
 * connection, which then closes: reconnecting needs another key.
 */
export interface Notice extends Refusal {
  /** The view it is about; absent for the whole connection. */
  view?: string;
  /** ms to wait before reconnecting, spread over clients; absent when there is no need. */
  after?: number;
}

/** Recent events, lossy by contract: `skipped` counts what was not sent. */
export interface Tail {
  rows: TailRow[];
  skipped: number;
}

export interface TailRow {
  /** The event's time, epoch ms; receipt for rejected ones. */
  time: number;
  event: string;
  /** Properties in short, `name value` pairs for reading. */
  text: string;
  /** The same pairs apart: a value may hold what looks like a name. Absent on rejected events. */
  properties?: [name: string, value: string][];
  /** What each value was, a letter a pair: `s` text, `n` number, `b` boolean, `z` null, `o` a list or object. Absent on rejected events. */
  kinds?: string;
  /** Whether the event has more properties than these; absent where it has not. */
  cut?: true;
  /** As they were sent, at most 200 characters; absent where the event has none, and on rejected ones. */
  id?: string;
  key?: string;
  /** Where the event is in the topic `events`, to ask for its verdict. Absent on rejected events. */
  position?: EventPosition;
  /** Present on rejected events. */
  rejected?: Fault;
}
