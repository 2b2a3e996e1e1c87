import { duration, type SettingSpec, text } from './setting-spec.ts';

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
  startWait: duration(
    'MILLRACE_START_WAIT',
    120_000,
    0,
    HOUR,
    'How long a service waits at its start for Kafka and ClickHouse before it gives up.',
  ),
} as const satisfies Record<string, SettingSpec>;
