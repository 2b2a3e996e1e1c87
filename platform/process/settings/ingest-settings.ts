import { bytes, duration, integer, type SettingSpec } from './setting-spec.ts';

const HOUR = 3_600_000;

/** What ingest takes. */
export const INGEST_SETTINGS = {
  eventBytes: bytes(
    'MILLRACE_EVENT_BYTES',
    65_536,
    1_024,
    240_000,
    'Maximum size of one event; less than a block.',
  ),
  batchBytes: bytes(
    'MILLRACE_BATCH_BYTES',
    10_485_760,
    65_536,
    1e9,
    'Maximum size of one request body after decompression.',
  ),
  batchEvents: integer(
    'MILLRACE_BATCH_EVENTS',
    10_000,
    1,
    1_000_000,
    'Maximum number of events in one request.',
  ),
  properties: integer(
    'MILLRACE_EVENT_PROPERTIES',
    256,
    1,
    10_000,
    'Maximum number of properties of one event, including nested ones.',
  ),
  nameLength: integer(
    'MILLRACE_NAME_LENGTH',
    200,
    16,
    10_000,
    'Maximum number of characters in an event name, a property name, an id or a key.',
  ),
  skew: duration(
    'MILLRACE_FUTURE_SKEW',
    300_000,
    1_000,
    24 * HOUR,
    'How far ahead of its receipt the timestamp of an event may be.',
  ),
  linger: duration('MILLRACE_LINGER', 3, 0, 1_000, 'How long a block waits for more events.'),
  pendingBytes: bytes(
    'MILLRACE_PENDING_BYTES',
    64_000_000,
    1_000_000,
    1e10,
    'Bytes accepted but not yet durable; above it requests get 503.',
  ),
  rejectedBytes: bytes(
    'MILLRACE_REJECTED_BYTES',
    100_000,
    1_000,
    1e8,
    'Bytes per second of refused events and requests that are recorded in the rejected topic. One sender may use a quarter of it; ten seconds of it may be written at once.',
  ),
} as const satisfies Record<string, SettingSpec>;
