import { bytes, duration, flag, integer, type SettingSpec, secret, text } from './setting-spec.ts';

/** The Log on Kafka. */
export const KAFKA_SETTINGS = {
  brokers: text(
    'MILLRACE_KAFKA_BROKERS',
    '',
    'Bootstrap brokers as host:port, separated by commas; for the services on Kafka.',
  ),
  client: text(
    'MILLRACE_KAFKA_CLIENT',
    'kafkajs',
    'Kafka client library; topics, records and groups are the same with both.',
    ['kafkajs', 'platformatic'],
  ),
  prefix: text(
    'MILLRACE_KAFKA_PREFIX',
    '',
    'Prefix for the names of topics and consumer groups, such as millrace-, so that several installations can share brokers.',
  ),
  replicas: integer(
    'MILLRACE_KAFKA_REPLICAS',
    1,
    1,
    32,
    'Replication factor of topics that are created; 3 in a cluster that must survive the loss of a broker.',
  ),
  minInsync: integer(
    'MILLRACE_KAFKA_MIN_INSYNC',
    1,
    1,
    32,
    'Replicas that must hold a record before it is acknowledged (min.insync.replicas); 2 of 3 in a cluster.',
  ),
  session: duration(
    'MILLRACE_KAFKA_SESSION',
    10_000,
    6_000,
    300_000,
    'Session timeout: how long an aggregator may be silent before its partitions are given to others. Heartbeats are sent ten times as often.',
  ),
  deadline: duration(
    'MILLRACE_KAFKA_DEADLINE',
    10_000,
    1_000,
    120_000,
    'How long an append waits for its acknowledgement before it counts as failed; the sender of the events then gets 503.',
  ),
  linger: duration(
    'MILLRACE_KAFKA_LINGER',
    0,
    0,
    1_000,
    'How long an append waits for others to share its request. While a request is in flight, appends gather anyway.',
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
    'Use TLS to the brokers; set NODE_EXTRA_CA_CERTS to the certificate of a private certificate authority.',
  ),
  mechanism: text('MILLRACE_KAFKA_SASL', 'none', 'SASL mechanism for the login to the brokers.', [
    'none',
    'plain',
    'scram-sha-256',
    'scram-sha-512',
  ]),
  user: text('MILLRACE_KAFKA_USER', '', 'SASL user name.'),
  password: secret('MILLRACE_KAFKA_PASSWORD', 'SASL password.'),
} as const satisfies Record<string, SettingSpec>;
