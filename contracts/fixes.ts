import type { ErrorCode } from './errors.ts';

/**
 * What to do about each error: in Markdown, with code in back quotes and links relative to `docs/`. The column "what to do" of
 * docs/ERRORS.md is compared with it by a check.
 */
export const FIXES: Readonly<Record<ErrorCode, string>> = {
  invalid_json: 'Send valid JSON; the message says at which byte parsing stopped.',
  invalid_utf8: 'Send the text as UTF-8.',
  not_an_object: 'Send `{ "event": "…" }`, an array of such objects, or one object per line.',
  missing_field: 'Add the field that is named.',
  unknown_field: 'Put your own values under `properties`; the message suggests the field that may be meant.',
  wrong_type: 'Send the type that the message names.',
  out_of_range: 'Send a value within the bounds that the message names.',
  duplicate_key: 'Use each key once.',
  ambiguous_path: 'Keep either `"a.b"` or `b` inside `a`.',
  lone_surrogate:
    'Find where the text was cut, often in the middle of an emoji, and cut it between characters.',
  too_deep: 'Flatten the properties; 32 levels are allowed.',
  event_too_large: 'Send a smaller event, or raise MILLRACE_EVENT_BYTES.',
  too_many_properties: 'Send fewer, or raise MILLRACE_EVENT_PROPERTIES.',
  name_too_long: 'Shorten it, or raise MILLRACE_NAME_LENGTH.',
  invalid_timestamp:
    'Send ISO 8601 from March 1970 on, or epoch s (from 1e8), ms, µs or ns; or leave it out. The message suggests what the value may mean.',
  unstorable_row:
    "The message quotes the engine. The event is counted in every metric, but its archive row, or the named metric's pane row, is missing from history; `position` says where the event is in the Log. Please report it.",
  timestamp_in_future: "Correct the sender's clock, or send `sent_at` as a query parameter.",
  empty_body: 'Send at least one event, or the definition.',
  unsupported_media_type: 'Send JSON, or NDJSON as application/x-ndjson.',
  unsupported_encoding: 'Use one of gzip, br, zstd, or none.',
  invalid_encoding:
    'The body is truncated, has extra bytes at its end, or is not encoded as Content-Encoding says.',
  body_too_large: 'Send smaller batches, or raise MILLRACE_BATCH_BYTES.',
  too_many_events: 'Send smaller batches, or raise MILLRACE_BATCH_EVENTS.',
  not_http:
    'The message says what they look like: TLS or HTTP/2 sent to the plain HTTP port, or a body without a request head.',
  head_too_large: 'Send fewer or shorter headers (often it is cookies), or raise MILLRACE_HEADER_BYTES.',
  invalid_host: 'Send exactly one Host header.',
  invalid_address:
    'Correct the address: it begins with one slash, and every % is followed by two hex digits.',
  invalid_parameter: 'Correct the parameter that is named.',
  not_found: 'See /openapi.json for the addresses that exist.',
  method_not_allowed: 'See the Allow header or /openapi.json.',
  forbidden_host: 'Use a loopback name, or add this name to MILLRACE_HOSTS.',
  forbidden_origin:
    'Open the page from Millrace itself, or add its origin to MILLRACE_HOSTS; only POST /v1/events is open to other sites.',
  request_timeout: 'Use a faster connection, or send smaller requests.',
  missing_key: 'Send `Authorization: Bearer <key>`; [SECURITY.md](SECURITY.md) says how keys are made.',
  invalid_key: 'Check it for typing errors; it may also have been revoked, or belong to another Millrace.',
  expired_key: 'Ask for a new one.',
  revoked_key: 'Ask for a new one.',
  key_in_url:
    'Revoke that key, since proxies and logs on the way may have recorded it, and send the new one in a header.',
  forbidden_scope: 'Use a key with the scope that the message names.',
  forbidden_metric: 'Ask for a key that includes the metric.',
  unknown_key: '`GET /v1/keys` lists all of them.',
  too_many_requests:
    'Wait as long as `Retry-After` says, and batch more events into one request; the message names the setting.',
  too_many_handshakes: 'Wait as long as the response says, then reconnect with random jitter.',
  overloaded: 'Wait as long as Retry-After says, then send the same again.',
  log_unavailable: 'Send the same again later; with ids, nothing is counted twice.',
  disk_full:
    'Send the same again later. The operator frees disk space or lowers MILLRACE_DISK_FLOOR; Millrace then continues by itself.',
  data_folder_lost:
    'Send the same again later. The folder was deleted, moved, unmounted or made read-only. The operator puts it back, or restarts on an intact folder.',
  store_unavailable: 'Ask again later.',
  not_ready: 'Try again in a moment; /ready says what is missing.',
  shutting_down: 'Connect again; another process takes over if there is one.',
  internal: 'This is a bug. The log has the details under the same code.',
  invalid_definition: 'Correct the field that is named.',
  unknown_aggregate: 'Use one of those that the message lists.',
  invalid_window: 'Use a duration such as "10s" that is a multiple of the pane.',
  invalid_filter: 'See `where` in PROTOCOL.md.',
  invalid_expression:
    'The message names the place, what is there and what may be: see derived metrics in PROTOCOL.md. Or the metric is computed from itself, or from too much.',
  unknown_part:
    'Define the metric, name one of the outputs that the message lists, or quote the id. An existing metric may have lost an output since.',
  unit_mismatch: 'Convert one of the values, and give the definition a `unit` of its own.',
  derived_metric: 'Ask for the same of the metrics that it is computed from.',
  metric_in_use: 'Change or delete those that the message names first.',
  precondition_failed: 'Read the definition again and apply the change to what is there now.',
  unknown_metric: '`GET /v1/metrics` lists all of them.',
  built_in_metric: 'Define a metric of your own under another id; built-in ones can be read like any other.',
  unknown_event: 'The message says what may have become of it; `GET /v1/rejected` lists what was refused.',
  unknown_board: 'Create the board first, with a PUT.',
  not_rebuildable:
    'The metric counts how the events of a key follow each other (`increase`, `counter_rate`, `sessions`, `time_weighted`, `funnel`): a late one would change panes that are final. Define a greater `lateness`; the new version counts what is within it.',
  demo_not_removable:
    'There is other data as well (events, definitions, keys), or no demo data at all; the message says which. To empty everything, stop Millrace and delete its data folder.',
  too_many_definitions: 'Delete some, or raise the setting that the message names.',
  invalid_view: 'Correct the field that is named.',
  not_a_dimension: "Add the property to the metric's `groupBy`, or define a metric with this filter.",
  metric_changed: 'Subscribe again: the dimensions or windows of the view have changed.',
  view_too_large:
    'The message says what would fit: a shorter range or a longer window; otherwise filter, or group by fewer dimensions.',
  too_many_views:
    'Close some views or make them smaller; or raise MILLRACE_VIEWS, or the setting that the message names.',
  invalid_message: 'See PROTOCOL.md for the shape of each message.',
  too_many_messages: 'Wait, then send fewer messages.',
  too_many_waits:
    'Try again later, or over HTTP without `wait`; or raise the setting that the message names.',
  too_many_connections:
    'Wait, or raise the limit that the message names: per address, per key, or of the gateway.',
  invalid_settings: 'Correct every setting that the message names; [CONFIG.md](CONFIG.md) lists all of them.',
  port_taken: 'Stop the other process, or choose another MILLRACE_PORT.',
  data_folder_in_use: 'Stop the other process, or choose another MILLRACE_DATA.',
  engine_missing: 'Use glibc Linux or macOS, or set MILLRACE_CLICKHOUSE_URL to a server.',
  log_identity_changed: 'Use the Log that belongs to this Store, or start with an empty Store.',
  log_damaged:
    'The file was truncated or overwritten, or a bit of a record has flipped (each record has a checksum); a crash alone does not cause this. If a single record of `events` is damaged, its partition stops there, `/ready` says which one, and the other partitions continue. Restore Log and Store from the same backup, or start with an empty data folder.',
  store_damaged:
    'Files of the Store were truncated or deleted, or copied while it ran; a crash alone does not cause this. Restore Log and Store from the same backup (`npm run restore`), or start with an empty data folder.',
  data_folder_torn:
    'It is a copy of a folder that was in use, or a restore into it did not finish. `npm run backup` makes a consistent copy, also while the process runs. If nothing used the folder while it was copied, the message says which file to delete.',
  position_out_of_bounds: 'The Log was truncated or replaced; restore it, or start with an empty Store.',
  unsupported_format: 'Use the version of Millrace that wrote the data, or a newer one.',
  backup_running: 'Wait for it to finish, or stop it.',
  backup_interrupted:
    'The process that was backed up has ended, or the command was interrupted; nothing of it is left. Start again.',
  backup_unusable:
    'It is incomplete, damaged, or not a backup at all; the message names the file. Use another backup.',
  folder_not_empty: 'Name a folder that is empty or does not exist yet.',
};
