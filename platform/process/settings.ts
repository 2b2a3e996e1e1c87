import { KAFKA_SETTINGS } from './kafka-settings.ts';

/**
 * Every setting of Millrace: one table, defaults inside. Each part receives its own slice and nothing else;
 * docs/CONFIG.md is generated from here. Only `main.ts` files read the environment, through `config.ts`.
 */
export interface SettingSpec<T extends string | number | boolean = string | number | boolean> {
  env: string;
  /** `duration` is ms in code and "10s" or "500ms" in the environment; `bytes` is whole bytes. */
  kind: 'text' | 'integer' | 'duration' | 'bytes' | 'flag';
  default: T;
  min?: number;
  max?: number;
  /** For `text`: the only values allowed. */
  oneOf?: readonly string[];
  about: string;
}

const text = (env: string, value: string, about: string, oneOf?: readonly string[]): SettingSpec<string> =>
  oneOf ? { env, kind: 'text', default: value, about, oneOf } : { env, kind: 'text', default: value, about };
const flag = (env: string, value: boolean, about: string): SettingSpec<boolean> => ({
  env,
  kind: 'flag',
  default: value,
  about,
});
const number =
  (kind: 'integer' | 'duration' | 'bytes') =>
  (env: string, value: number, min: number, max: number, about: string): SettingSpec<number> => ({
    env,
    kind,
    default: value,
    min,
    max,
    about,
  });
const integer = number('integer');
const duration = number('duration');
const bytes = number('bytes');

const HOUR = 3_600_000;

export const SETTINGS = {
  http: {
    host: text(
      'MILLRACE_HOST',
      '127.0.0.1',
      'Address to listen on. Any other than loopback needs MILLRACE_NO_KEYS=true until keys exist.',
    ),
    port: integer('MILLRACE_PORT', 8080, 0, 65_535, 'Port to listen on; 0 takes a free one.'),
    hosts: text(
      'MILLRACE_HOSTS',
      '',
      'Further Host names to answer to, separated by commas; loopback names always work.',
    ),
    noKeys: flag('MILLRACE_NO_KEYS', false, 'Serve without keys on an address other than loopback.'),
    drain: duration(
      'MILLRACE_DRAIN',
      10_000,
      0,
      10 * 60_000,
      'How long a stop may take before open requests are cut.',
    ),
  },
  process: {
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
  },
  log: {
    partitions: integer(
      'MILLRACE_PARTITIONS',
      4,
      1,
      1_024,
      'Partitions of the events topic; fixed when it is created.',
    ),
    maxBytes: bytes('MILLRACE_LOG_BYTES', 10e9, 1e7, 1e15, 'Bytes of events the Log keeps at most.'),
    retention: duration(
      'MILLRACE_LOG_RETENTION',
      24 * HOUR,
      HOUR,
      365 * 24 * HOUR,
      'How long the Log keeps events.',
    ),
  },
  kafka: KAFKA_SETTINGS,
  store: {
    memory: bytes(
      'MILLRACE_STORE_MEMORY',
      1_500_000_000,
      500_000_000,
      1e12,
      'Memory bound of the embedded engine.',
    ),
    sessions: integer(
      'MILLRACE_STORE_SESSIONS',
      3,
      2,
      16,
      'Connections of the embedded engine; one of them writes.',
    ),
    url: text(
      'MILLRACE_CLICKHOUSE_URL',
      '',
      'ClickHouse server to use in place of the embedded engine, such as http://127.0.0.1:8123.',
    ),
    user: text('MILLRACE_CLICKHOUSE_USER', '', "User of the ClickHouse server; empty: the server's default."),
    password: text('MILLRACE_CLICKHOUSE_PASSWORD', '', 'Password of that user.'),
    database: text(
      'MILLRACE_CLICKHOUSE_DATABASE',
      'millrace',
      'Database of the ClickHouse server that holds the tables.',
    ),
    cluster: text(
      'MILLRACE_CLICKHOUSE_CLUSTER',
      '',
      'Cluster of the ClickHouse server whose replicas all hold the tables; empty: a single server.',
    ),
    archive: duration(
      'MILLRACE_ARCHIVE_RETENTION',
      30 * 24 * HOUR,
      HOUR,
      3_650 * 24 * HOUR,
      'How long events stay in the archive.',
    ),
  },
  ingest: {
    eventBytes: bytes(
      'MILLRACE_EVENT_BYTES',
      65_536,
      1_024,
      240_000,
      'Bytes of one event; less than a block.',
    ),
    batchBytes: bytes(
      'MILLRACE_BATCH_BYTES',
      10_485_760,
      65_536,
      1e9,
      'Bytes of one request body after decompression.',
    ),
    batchEvents: integer('MILLRACE_BATCH_EVENTS', 10_000, 1, 1_000_000, 'Events in one request.'),
    properties: integer(
      'MILLRACE_EVENT_PROPERTIES',
      256,
      1,
      10_000,
      'Properties of one event, nested ones counted.',
    ),
    nameLength: integer(
      'MILLRACE_NAME_LENGTH',
      200,
      16,
      10_000,
      'Characters of an event name, a property name, an id or a key.',
    ),
    skew: duration(
      'MILLRACE_FUTURE_SKEW',
      300_000,
      1_000,
      24 * HOUR,
      'How far ahead of its receipt a timestamp may be.',
    ),
    linger: duration('MILLRACE_LINGER', 3, 0, 1_000, 'How long a block waits for more events.'),
    pendingBytes: bytes(
      'MILLRACE_PENDING_BYTES',
      64_000_000,
      1_000_000,
      1e10,
      'Bytes accepted but not yet durable; above it requests get 503.',
    ),
  },
  aggregator: {
    flush: duration('MILLRACE_FLUSH', 500, 50, 60_000, 'How often results are written to the Store.'),
    tick: duration(
      'MILLRACE_TICK',
      50,
      10,
      1_000,
      'How often new states are published; the first change after quiet goes out at once.',
    ),
    horizon: duration(
      'MILLRACE_HORIZON',
      HOUR,
      1_000,
      7 * 24 * HOUR,
      'How long an id is remembered for de-duplication; the bound of every lateness.',
    ),
    groups: integer(
      'MILLRACE_GROUPS',
      2_000,
      1,
      1_000_000,
      'Named groups per metric, pane and partition; further ones are __other__.',
    ),
    ids: integer('MILLRACE_IDS', 1_000_000, 1_000, 100_000_000, 'Live ids remembered per partition.'),
    retireAfter: duration(
      'MILLRACE_RETIRE_AFTER',
      30_000,
      0,
      24 * 3_600_000,
      'How long a replaced version of a metric is still folded, for gateways that have not switched yet.',
    ),
    expireEvery: duration(
      'MILLRACE_EXPIRE_EVERY',
      HOUR,
      60_000,
      24 * HOUR,
      'How often panes and archived events past their retention are removed from the Store.',
    ),
    dirtyCells: integer(
      'MILLRACE_DIRTY_CELLS',
      200_000,
      1_000,
      100_000_000,
      'States waiting for the Store per partition; at the bound consumption pauses.',
    ),
  },
  gateway: {
    views: integer('MILLRACE_VIEWS', 200, 1, 10_000, 'Views of one connection.'),
    connections: integer('MILLRACE_CONNECTIONS', 20_000, 1, 1_000_000, 'Connections of one gateway.'),
    connectionsPerAddress: integer(
      'MILLRACE_CONNECTIONS_PER_ADDRESS',
      2_000,
      1,
      1_000_000,
      'Connections of one client address.',
    ),
    messageBytes: bytes(
      'MILLRACE_MESSAGE_BYTES',
      100_000,
      1_000,
      10_000_000,
      'Bytes of one socket message from a client.',
    ),
    credit: bytes(
      'MILLRACE_CREDIT',
      262_144,
      4_096,
      100_000_000,
      'Bytes sent to a client that it has not acknowledged.',
    ),
    frame: duration('MILLRACE_FRAME', 50, 10, 1_000, 'Shortest time between two frames of a room.'),
    messages: integer('MILLRACE_MESSAGES', 500, 10, 100_000, 'Messages a second of one connection.'),
    waiting: integer(
      'MILLRACE_WAITING_REQUESTS',
      1_000,
      1,
      100_000,
      'HTTP requests of one gateway that wait for a change.',
    ),
    spread: duration(
      'MILLRACE_DRAIN_SPREAD',
      2_000,
      0,
      5 * 60_000,
      'Time over which a stopping gateway spreads the reconnects of its clients.',
    ),
    definitions: integer('MILLRACE_DEFINITIONS', 1_000, 1, 100_000, 'Metrics and boards together.'),
    cells: integer(
      'MILLRACE_HOT_CELLS',
      2_000_000,
      1_000,
      1_000_000_000,
      'States held in memory for open views.',
    ),
  },
} as const satisfies Record<string, Record<string, SettingSpec>>;

type Slice<S> = { readonly [K in keyof S]: S[K] extends SettingSpec<infer T> ? T : never };
export type Settings = { readonly [P in keyof typeof SETTINGS]: Slice<(typeof SETTINGS)[P]> };
