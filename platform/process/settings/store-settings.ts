import { bytes, duration, integer, type SettingSpec, secret, text } from './setting-spec.ts';

const HOUR = 3_600_000;

/** The Store. */
export const STORE_SETTINGS = {
  memory: bytes(
    'MILLRACE_STORE_MEMORY',
    1_500_000_000,
    500_000_000,
    1e12,
    'Memory limit of the embedded engine.',
  ),
  sessions: integer(
    'MILLRACE_STORE_SESSIONS',
    3,
    2,
    16,
    'Connections to the embedded engine; one of them is used for writes.',
  ),
  url: text(
    'MILLRACE_CLICKHOUSE_URL',
    '',
    'ClickHouse server to use instead of the embedded engine, such as http://127.0.0.1:8123.',
  ),
  user: text(
    'MILLRACE_CLICKHOUSE_USER',
    '',
    'User on the ClickHouse server; empty: the default user of the server.',
  ),
  password: secret('MILLRACE_CLICKHOUSE_PASSWORD', 'Password of that user.'),
  database: text(
    'MILLRACE_CLICKHOUSE_DATABASE',
    'millrace',
    'Database on the ClickHouse server that holds the tables.',
  ),
  cluster: text(
    'MILLRACE_CLICKHOUSE_CLUSTER',
    '',
    'ClickHouse cluster whose replicas all hold the tables; empty: a single server.',
  ),
  archive: duration(
    'MILLRACE_ARCHIVE_RETENTION',
    30 * 24 * HOUR,
    HOUR,
    3_650 * 24 * HOUR,
    'How long events stay in the archive.',
  ),
} as const satisfies Record<string, SettingSpec>;
