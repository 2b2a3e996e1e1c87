import { cutText, shown } from './text/shown.ts';

export { shown } from './text/shown.ts';

/**
 * The closed list of error codes. docs/ERRORS.md is compared with it in both directions by a test;
 * what to do about each is in `fixes.ts`.
 * `status` is the HTTP status where the code is a whole answer; `retry` says whether the same call can
 * succeed later without a change.
 */
export const ERRORS = {
  // one event
  invalid_json: { status: 400, retry: false, title: 'The text is not valid JSON' },
  invalid_utf8: { status: 400, retry: false, title: 'The text is not valid UTF-8' },
  not_an_object: { status: 400, retry: false, title: 'An event must be a JSON object' },
  missing_field: { status: 400, retry: false, title: 'A required field is missing' },
  unknown_field: { status: 400, retry: false, title: 'A field is not part of the format' },
  wrong_type: { status: 400, retry: false, title: 'A field has the wrong type' },
  out_of_range: { status: 400, retry: false, title: 'A value is outside what is allowed' },
  duplicate_key: { status: 400, retry: false, title: 'An object has a duplicate key' },
  ambiguous_path: { status: 400, retry: false, title: 'Two properties share one dotted path' },
  lone_surrogate: { status: 400, retry: false, title: 'A string holds half of a surrogate pair' },
  too_deep: { status: 400, retry: false, title: 'The value is nested too deeply' },
  event_too_large: { status: 413, retry: false, title: 'The event is larger than the limit' },
  too_many_properties: { status: 400, retry: false, title: 'The event has more properties than the limit' },
  name_too_long: { status: 400, retry: false, title: 'A name is longer than the limit' },
  invalid_timestamp: { status: 400, retry: false, title: 'The timestamp cannot be read' },
  unstorable_row: {
    status: 400,
    retry: false,
    title: 'The Store refuses this row although it accepts others',
  },
  timestamp_in_future: { status: 400, retry: false, title: 'The timestamp is too far in the future' },
  // one request
  empty_body: { status: 400, retry: false, title: 'The request has no body' },
  unsupported_media_type: { status: 415, retry: false, title: 'The content type is not supported' },
  unsupported_encoding: { status: 415, retry: false, title: 'The content encoding is not supported' },
  invalid_encoding: { status: 400, retry: false, title: 'The body cannot be decompressed' },
  body_too_large: { status: 413, retry: false, title: 'The body is larger than the limit' },
  too_many_events: { status: 413, retry: false, title: 'The batch holds more events than the limit' },
  not_http: { status: 400, retry: false, title: 'The bytes are not an HTTP request' },
  head_too_large: { status: 431, retry: false, title: 'The head of the request is larger than the limit' },
  invalid_host: { status: 400, retry: false, title: 'The request must name exactly one host' },
  invalid_address: { status: 400, retry: false, title: 'The address cannot be read' },
  invalid_parameter: { status: 400, retry: false, title: 'A query parameter cannot be read' },
  not_found: { status: 404, retry: false, title: 'There is nothing at this address' },
  method_not_allowed: { status: 405, retry: false, title: 'The address does not allow this method' },
  forbidden_host: { status: 403, retry: false, title: 'The Host header names another server' },
  forbidden_origin: { status: 403, retry: false, title: 'The Origin header names another site' },
  request_timeout: { status: 408, retry: true, title: 'The request did not arrive completely in time' },
  // keys and limits
  missing_key: { status: 401, retry: false, title: 'A key is needed' },
  invalid_key: { status: 401, retry: false, title: 'The key is not known here' },
  expired_key: { status: 401, retry: false, title: 'The key has expired' },
  revoked_key: { status: 401, retry: false, title: 'The key was revoked' },
  key_in_url: { status: 400, retry: false, title: 'A key was sent in the address' },
  forbidden_scope: { status: 403, retry: false, title: 'The key does not allow this' },
  forbidden_metric: { status: 403, retry: false, title: 'The key does not allow this metric' },
  unknown_key: { status: 404, retry: false, title: 'There is no such key' },
  too_many_requests: { status: 429, retry: true, title: 'The caller has exceeded a rate limit' },
  too_many_handshakes: { status: 429, retry: true, title: 'Too many new connections per second' },
  // one process
  overloaded: { status: 503, retry: true, title: 'Too much data is waiting to be stored' },
  log_unavailable: { status: 503, retry: true, title: 'The Log cannot accept records now' },
  disk_full: { status: 503, retry: true, title: 'The disk has no room for more' },
  data_folder_lost: {
    status: 503,
    retry: true,
    title: 'The data folder is gone, was replaced or cannot be written',
  },
  store_unavailable: { status: 503, retry: true, title: 'The Store does not answer now' },
  not_ready: { status: 503, retry: true, title: 'The process is not ready' },
  shutting_down: { status: 503, retry: true, title: 'The process is stopping' },
  internal: { status: 500, retry: true, title: 'A fault in Millrace itself' },
  // definitions
  invalid_definition: { status: 400, retry: false, title: 'The definition cannot be read' },
  unknown_aggregate: { status: 400, retry: false, title: 'There is no such aggregate' },
  invalid_window: { status: 400, retry: false, title: 'The window is not valid' },
  invalid_filter: { status: 400, retry: false, title: 'The filter cannot be read' },
  invalid_expression: { status: 400, retry: false, title: 'The expression cannot be read' },
  unknown_part: { status: 400, retry: false, title: 'The expression names what does not exist' },
  unit_mismatch: { status: 400, retry: false, title: 'The units of the expression do not fit together' },
  derived_metric: { status: 409, retry: false, title: 'The metric is computed from others' },
  metric_in_use: { status: 409, retry: false, title: 'Other metrics are computed from this one' },
  precondition_failed: { status: 412, retry: false, title: 'The definition has changed meanwhile' },
  unknown_metric: { status: 404, retry: false, title: 'There is no such metric' },
  built_in_metric: { status: 409, retry: false, title: 'The metric is built in and stays as it is' },
  unknown_event: { status: 404, retry: false, title: 'There is no such archived event' },
  unknown_board: { status: 404, retry: false, title: 'There is no such board' },
  not_rebuildable: { status: 409, retry: false, title: 'Late events cannot count for the metric' },
  demo_not_removable: { status: 409, retry: false, title: 'The demo data cannot be removed' },
  too_many_definitions: { status: 409, retry: false, title: 'The limit of definitions is reached' },
  // views and sockets
  invalid_view: { status: 400, retry: false, title: 'The view cannot be read' },
  not_a_dimension: {
    status: 400,
    retry: false,
    title: 'The filter names no dimension',
  },
  metric_changed: { status: 409, retry: true, title: 'The metric changed, and the view with it' },
  view_too_large: { status: 400, retry: false, title: 'The view asks for more than the limit' },
  too_many_views: { status: 429, retry: false, title: 'The limit of views is reached' },
  invalid_message: { status: 400, retry: false, title: 'The socket message has the wrong shape' },
  too_many_messages: { status: 429, retry: true, title: 'The connection sends more messages than the limit' },
  too_many_waits: { status: 429, retry: true, title: 'The limit of waiting requests is reached' },
  too_many_connections: { status: 429, retry: true, title: 'The limit of connections is reached' },
  // a process that cannot run
  invalid_settings: { status: 500, retry: false, title: 'The settings cannot be used' },
  port_taken: { status: 500, retry: false, title: 'The port is in use by another process' },
  data_folder_in_use: { status: 500, retry: false, title: 'Another process uses the data folder' },
  engine_missing: { status: 500, retry: false, title: 'The embedded ClickHouse engine cannot run here' },
  log_identity_changed: { status: 500, retry: false, title: 'The Store belongs to another Log' },
  log_damaged: { status: 500, retry: false, title: "The Log's file is damaged" },
  store_damaged: { status: 500, retry: false, title: 'The Store has lost data' },
  data_folder_torn: { status: 500, retry: false, title: 'The data folder is incomplete or inconsistent' },
  position_out_of_bounds: {
    status: 500,
    retry: false,
    title: 'The Log no longer holds the committed position',
  },
  unsupported_format: {
    status: 500,
    retry: false,
    title: 'Stored data has a format that this version cannot read',
  },

  // backup and restore
  backup_running: { status: 500, retry: true, title: 'Another backup of the data folder is under way' },
  backup_interrupted: { status: 500, retry: true, title: 'The backup or restore was interrupted' },
  backup_unusable: { status: 500, retry: false, title: 'The backup cannot be restored' },
  folder_not_empty: { status: 500, retry: false, title: 'The target folder is not empty' },
} as const satisfies Record<string, ErrorSpec>;

export interface ErrorSpec {
  status: number;
  retry: boolean;
  title: string;
}

export type ErrorCode = keyof typeof ERRORS;

/** All codes, as the `enum` of a schema. */
export const ERROR_CODES = /* @__PURE__ */ Object.keys(ERRORS) as [ErrorCode];

/** Whether a text is a code of the list. */
export const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(ERRORS, code);

/** What was refused and why. `message` is for people: what was found, what is allowed, what to do. */
export interface Fault {
  code: ErrorCode;
  /** Dotted path or name of what was refused; absent when the fault is about the whole. */
  field?: string;
  message: string;
  /** ms after which the same may be tried again; absent where that is not known. */
  after?: number;
}

/** The outcome of reading something from outside: refusals are values, exceptions are for bugs. */
export type Result<T> = { ok: true; value: T } | { ok: false; fault: Fault };

export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value });

/** A field's name as a refusal gives it: what a sender writes may be as long as a body. */
export const cutField = (field: string): string => cutText(field, 300);

/** Characters of a message, which names what was found. */
const MAX_MESSAGE = 2_000;

export const refuse = (code: ErrorCode, message: string, field?: string): { ok: false; fault: Fault } => ({
  ok: false,
  fault: {
    code,
    ...(field === undefined ? {} : { field: cutField(field) }),
    message: cutText(message, MAX_MESSAGE),
  },
});

/** A fault that has to travel as an exception: across an await, or out of a process. */
export class MillraceError extends Error {
  readonly code: ErrorCode;
  readonly field: string | undefined;

  constructor(fault: Fault, options?: ErrorOptions) {
    super(fault.message, options);
    this.name = 'MillraceError';
    this.code = fault.code;
    this.field = fault.field;
  }
}

/** The end of a refusal: what was found, or that nothing was. */
export const found = (value: unknown): string =>
  value === undefined ? 'but it is missing' : `got ${shown(value)}`;
