import { bytes, duration, flag, integer, type SettingSpec, secret, text } from './setting-spec.ts';

/** The Log on Kafka. */
export const KAFKA_SETTINGS = {
  brokers: text(
    'MILLRACE_KAFKA_BROKERS',
    '',
    'Brokers to begin with, as host:port, separated by commas; for the services on Kafka.',
  ),
  client: text(
    'MILLRACE_KAFKA_CLIENT',
    'kafkajs',
    'Library that speaks to the brokers; topics, records and groups are the same with both.',
    ['kafkajs', 'platformatic'],
  ),
  prefix: text(
    'MILLRACE_KAFKA_PREFIX',
    '',
    'Put before the names of topics and groups, such as millrace-, so that several can share brokers.',
  ),
  replicas: integer(
    'MILLRACE_KAFKA_REPLICAS',
    1,
    1,
    32,
    'Copies of a topic when it is created; 3 in a cluster that must survive the loss of a broker.',
  ),
  minInsync: integer(
    'MILLRACE_KAFKA_MIN_INSYNC',
    1,
    1,
    32,
    'Copies that must hold a record before it is acknowledged; 2 of 3 replicas in a cluster.',
  ),
  session: duration(
    'MILLRACE_KAFKA_SESSION',
    10_000,
    6_000,
    300_000,
    'How long an aggregator may be silent before its partitions go to others; it shows a sign of life ten times as often.',
  ),
  deadline: duration(
    'MILLRACE_KAFKA_DEADLINE',
    10_000,
    1_000,
    120_000,
    'How long an append waits for its acknowledgement before it counts as failed; the sender gets 503 then.',
  ),
  linger: duration(
    'MILLRACE_KAFKA_LINGER',
    0,
    0,
    1_000,
    'How long an append waits for others to share its request; while one is under way they gather anyway.',
  ),
  pendingBytes: bytes(
    'MILLRACE_KAFKA_PENDING_BYTES',
    64_000_000,
    9_000_000,
    1e10,
    'Bytes that may wait for the brokers; above it appends are refused.',
  ),
  tls: flag(
    'MILLRACE_KAFKA_TLS',
    false,
    'Speak TLS with the brokers; NODE_EXTRA_CA_CERTS names the certificate of an authority of your own.',
  ),
  mechanism: text('MILLRACE_KAFKA_SASL', 'none', 'How to log in to the brokers.', [
    'none',
    'plain',
    'scram-sha-256',
    'scram-sha-512',
  ]),
  user: text('MILLRACE_KAFKA_USER', '', 'User name for the login.'),
  password: secret('MILLRACE_KAFKA_PASSWORD', 'Password for the login.'),
} as const satisfies Record<string, SettingSpec>;
