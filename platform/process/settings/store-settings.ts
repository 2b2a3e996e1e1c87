import { DAY, HOUR } from '#contracts/text/duration.ts';
import { bytes, duration, integer, type SettingSpec, secret, text } from './setting-spec.ts';

/** The Store. */
export const STORE_SETTINGS = {
  memory: bytes({
    env: 'MILLRACE_STORE_MEMORY',
    default: 1_500_000_000,
    min: 500_000_000,
    max: 1e12,
    help: 'Memory limit of the embedded engine.',
  }),
  sessions: integer({
    env: 'MILLRACE_STORE_SESSIONS',
    default: 3,
    min: 2,
    max: 16,
    help: 'Connections to the embedded engine; one of them is used for writes.',
  }),
  url: text({
    env: 'MILLRACE_CLICKHOUSE_URL',
    default: '',
    help: 'ClickHouse server to use instead of the embedded engine, such as http://127.0.0.1:8123.',
  }),
  user: text({
    env: 'MILLRACE_CLICKHOUSE_USER',
    default: '',
    help: 'User on the ClickHouse server; empty: the default user of the server.',
  }),
  password: secret({ env: 'MILLRACE_CLICKHOUSE_PASSWORD', help: 'Password of that user.' }),
  database: text({
    env: 'MILLRACE_CLICKHOUSE_DATABASE',
    default: 'millrace',
    help: 'Database on the ClickHouse server that holds the tables.',
  }),
  cluster: text({
    env: 'MILLRACE_CLICKHOUSE_CLUSTER',
    default: '',
    help: 'ClickHouse cluster whose replicas all hold the tables; empty: a single server.',
  }),
  archive: duration({
    env: 'MILLRACE_ARCHIVE_RETENTION',
    default: 30 * DAY,
    min: HOUR,
    max: 3_650 * DAY,
    help: 'How long events stay in the archive.',
  }),
} as const satisfies Record<string, SettingSpec>;
