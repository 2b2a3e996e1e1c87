import { bytes, duration, integer, type SettingSpec, text } from './setting-spec.ts';

const HOUR = 3_600_000;

/** What every process has. */
export const PROCESS_SETTINGS = {
  logLevel: text('MILLRACE_LOG_LEVEL', 'info', 'Least severe level of log lines to write.', [
    'fatal',
    'error',
    'warn',
    'info',
    'debug',
    'trace',
    'silent',
  ]),
  data: text('MILLRACE_DATA', '.data', 'Data folder of the embedded profile: Log and Store.'),
  diskFloor: bytes(
    'MILLRACE_DISK_FLOOR',
    1_000_000_000,
    0,
    1e15,
    'Minimum free bytes on the disk of the data folder. Below it events are refused, so that what was accepted can still be finished. See MILLRACE_DISK_FLOOR_SHARE.',
  ),
  diskFloorShare: integer(
    'MILLRACE_DISK_FLOOR_SHARE',
    5,
    0,
    90,
    'The same minimum in percent of the disk; the smaller of the two applies.',
  ),
  startWait: duration(
    'MILLRACE_START_WAIT',
    120_000,
    0,
    HOUR,
    'How long a starting service waits for Kafka and ClickHouse before it gives up.',
  ),
} as const satisfies Record<string, SettingSpec>;
