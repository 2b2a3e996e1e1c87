import { bytes, duration, integer, type SettingSpec } from './setting-spec.ts';

const HOUR = 3_600_000;

/** The Log, wherever it lies. */
export const LOG_SETTINGS = {
  partitions: integer(
    'MILLRACE_PARTITIONS',
    4,
    1,
    1_024,
    'Partitions of the events topic; fixed when the topic is created.',
  ),
  maxBytes: bytes('MILLRACE_LOG_BYTES', 10e9, 1e7, 1e15, 'Maximum bytes of events that the Log keeps.'),
  retention: duration(
    'MILLRACE_LOG_RETENTION',
    24 * HOUR,
    HOUR,
    365 * 24 * HOUR,
    'How long the Log keeps events.',
  ),
} as const satisfies Record<string, SettingSpec>;
