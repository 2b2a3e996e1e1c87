import { MINUTE, SECOND } from '#contracts/text/duration.ts';
import { bytes, duration, flag, integer, type SettingSpec, secret, text } from './setting-spec.ts';

/** The Log on Kafka. */
export const KAFKA_SETTINGS = {
  brokers: text({
    env: 'MILLRACE_KAFKA_BROKERS',
    default: '',
    help: 'Bootstrap brokers as host:port, separated by commas; for the services on Kafka.',
  }),
  client: text({
    env: 'MILLRACE_KAFKA_CLIENT',
    default: 'kafkajs',
    help: 'Kafka client library; topics, records and groups are the same with both.',
    oneOf: ['kafkajs', 'platformatic'],
  }),
  prefix: text({
    env: 'MILLRACE_KAFKA_PREFIX',
    default: '',
    help: 'Prefix for the names of topics and consumer groups, such as millrace-, so that several installations can share brokers.',
  }),
  replicas: integer({
    env: 'MILLRACE_KAFKA_REPLICAS',
    default: 1,
    min: 1,
    max: 32,
    help: 'Replication factor of topics that are created; 3 in a cluster that must survive the loss of a broker.',
  }),
  minInsync: integer({
    env: 'MILLRACE_KAFKA_MIN_INSYNC',
    default: 1,
    min: 1,
    max: 32,
    help: 'Replicas that must hold a record before it is acknowledged (min.insync.replicas); 2 of 3 in a cluster.',
  }),
  session: duration({
    env: 'MILLRACE_KAFKA_SESSION',
    default: 10 * SECOND,
    min: 6 * SECOND,
    max: 5 * MINUTE,
    help: 'Session timeout: how long an aggregator may be silent before its partitions are given to others. Heartbeats are sent ten times as often.',
  }),
  deadline: duration({
    env: 'MILLRACE_KAFKA_DEADLINE',
    default: 10 * SECOND,
    min: SECOND,
    max: 2 * MINUTE,
    help: 'How long an append waits for its acknowledgement before it counts as failed; the sender of the events then gets 503.',
  }),
  linger: duration({
    env: 'MILLRACE_KAFKA_LINGER',
    default: 0,
    min: 0,
    max: SECOND,
    help: 'How long an append waits for others to share its request. While a request is in flight, appends gather anyway.',
  }),
  pendingBytes: bytes({
    env: 'MILLRACE_KAFKA_PENDING_BYTES',
    default: 64_000_000,
    min: 9_000_000,
    max: 1e10,
    help: 'Bytes that may wait for the brokers; above it appends are refused.',
  }),
  tls: flag({
    env: 'MILLRACE_KAFKA_TLS',
    default: false,
    help: 'Use TLS to the brokers; set NODE_EXTRA_CA_CERTS to the certificate of a private certificate authority.',
  }),
  mechanism: text({
    env: 'MILLRACE_KAFKA_SASL',
    default: 'none',
    help: 'SASL mechanism for the login to the brokers.',
    oneOf: ['none', 'plain', 'scram-sha-256', 'scram-sha-512'],
  }),
  user: text({ env: 'MILLRACE_KAFKA_USER', default: '', help: 'SASL user name.' }),
  password: secret({ env: 'MILLRACE_KAFKA_PASSWORD', help: 'SASL password.' }),
} as const satisfies Record<string, SettingSpec>;
