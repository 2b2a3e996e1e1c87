import { DAY, HOUR } from '#contracts/text/duration.ts';
import { bytes, duration, integer, type SettingSpec } from './setting-spec.ts';

/** The Log, wherever it lies. */
export const LOG_SETTINGS = {
  partitions: integer({
    env: 'MILLRACE_PARTITIONS',
    default: 4,
    min: 1,
    max: 1_024,
    help: 'Partitions of the events topic; fixed when the topic is created.',
  }),
  maxBytes: bytes({
    env: 'MILLRACE_LOG_BYTES',
    default: 10e9,
    min: 1e7,
    max: 1e15,
    help: 'Maximum bytes of events that the Log keeps.',
  }),
  retention: duration({
    env: 'MILLRACE_LOG_RETENTION',
    default: DAY,
    min: HOUR,
    max: 365 * DAY,
    help: 'How long the Log keeps events.',
  }),
} as const satisfies Record<string, SettingSpec>;
