import { DAY, MINUTE, SECOND } from '#contracts/text/duration.ts';
import { bytes, duration, integer, type SettingSpec } from './setting-spec.ts';

/** What ingest takes. */
export const INGEST_SETTINGS = {
  eventBytes: bytes({
    env: 'MILLRACE_EVENT_BYTES',
    default: 65_536,
    min: 1_024,
    max: 240_000,
    help: 'Maximum size of one event; less than a block.',
  }),
  batchBytes: bytes({
    env: 'MILLRACE_BATCH_BYTES',
    default: 10_485_760,
    min: 65_536,
    max: 1e9,
    help: 'Maximum size of one request body after decompression.',
  }),
  batchEvents: integer({
    env: 'MILLRACE_BATCH_EVENTS',
    default: 10_000,
    min: 1,
    max: 1_000_000,
    help: 'Maximum number of events in one request.',
  }),
  properties: integer({
    env: 'MILLRACE_EVENT_PROPERTIES',
    default: 256,
    min: 1,
    max: 10_000,
    help: 'Maximum number of properties of one event, including nested ones.',
  }),
  nameLength: integer({
    env: 'MILLRACE_NAME_LENGTH',
    default: 200,
    min: 16,
    max: 10_000,
    help: 'Maximum number of characters in an event name, a property name, an id or a key.',
  }),
  skew: duration({
    env: 'MILLRACE_FUTURE_SKEW',
    default: 5 * MINUTE,
    min: SECOND,
    max: DAY,
    help: 'How far ahead of its receipt the timestamp of an event may be.',
  }),
  linger: duration({
    env: 'MILLRACE_LINGER',
    default: 3,
    min: 0,
    max: SECOND,
    help: 'How long a block waits for more events.',
  }),
  pendingBytes: bytes({
    env: 'MILLRACE_PENDING_BYTES',
    default: 64_000_000,
    min: 1_000_000,
    max: 1e10,
    help: 'Bytes accepted but not yet durable; above it requests get 503.',
  }),
  rejectedBytes: bytes({
    env: 'MILLRACE_REJECTED_BYTES',
    default: 100_000,
    min: 1_000,
    max: 1e8,
    help: 'Bytes per second of refused events and requests that are recorded in the rejected topic. One sender, and refusals of one code, may use a quarter of it; ten seconds of it may be written at once.',
  }),
} as const satisfies Record<string, SettingSpec>;
