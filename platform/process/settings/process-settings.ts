import { bytes, duration, integer, type SettingSpec, text } from './setting-spec.ts';

const HOUR = 3_600_000;

/** What every process has. */
export const PROCESS_SETTINGS = {
  logLevel: text('MILLRACE_LOG_LEVEL', 'info', 'Least severe log line that is written.', [
    'fatal',
    'error',
    'warn',
    'info',
    'debug',
    'trace',
    'silent',
  ]),
  data: text('MILLRACE_DATA', '.data', 'Folder of the embedded profile: Log and Store.'),
  diskFloor: bytes(
    'MILLRACE_DISK_FLOOR',
    1_000_000_000,
    0,
    1e15,
    'Free bytes on the disk of the data folder below which no events are taken, so that what was taken can be finished. See MILLRACE_DISK_FLOOR_SHARE.',
  ),
  diskFloorShare: integer(
    'MILLRACE_DISK_FLOOR_SHARE',
    5,
    0,
    90,
    'The same in percent of the disk; the smaller of both counts.',
  ),
  startWait: duration(
    'MILLRACE_START_WAIT',
    120_000,
    0,
    HOUR,
    'How long a service waits at its start for Kafka and ClickHouse before it gives up.',
  ),
} as const satisfies Record<string, SettingSpec>;
