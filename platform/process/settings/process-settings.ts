import { HOUR, MINUTE } from '#contracts/text/duration.ts';
import { bytes, duration, integer, type SettingSpec, text } from './setting-spec.ts';

/** What every process has. */
export const PROCESS_SETTINGS = {
  logLevel: text({
    env: 'MILLRACE_LOG_LEVEL',
    default: 'info',
    help: 'Least severe level of log lines to write.',
    oneOf: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
  }),
  data: text({
    env: 'MILLRACE_DATA',
    default: '.data',
    help: 'Data folder of the embedded profile: Log and Store.',
  }),
  diskFloor: bytes({
    env: 'MILLRACE_DISK_FLOOR',
    default: 1_000_000_000,
    min: 0,
    max: 1e15,
    help: 'Minimum free bytes on the disk of the data folder. Below it events are refused, so that what was accepted can still be finished. See MILLRACE_DISK_FLOOR_SHARE.',
  }),
  diskFloorShare: integer({
    env: 'MILLRACE_DISK_FLOOR_SHARE',
    default: 5,
    min: 0,
    max: 90,
    help: 'The same minimum in percent of the disk; the smaller of the two applies.',
  }),
  startWait: duration({
    env: 'MILLRACE_START_WAIT',
    default: 2 * MINUTE,
    min: 0,
    max: HOUR,
    help: 'How long a starting service waits for Kafka and ClickHouse before it gives up.',
  }),
} as const satisfies Record<string, SettingSpec>;
