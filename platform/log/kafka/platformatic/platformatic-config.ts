import type { BaseOptions } from '@platformatic/kafka';
import { backoffDelay } from '#contracts/backoff.ts';
import { CLIENT_ID, type Connection } from '../kafka-connection.ts';

/**
 * `patient` tries for ever: giving up would leave a producer whose sequence numbers nobody can trust, and a member that
 * the group has to count out. `brisk` fails soon, for loops that try again themselves.
 */
export interface PlatformaticOptions {
  patient: BaseOptions;
  brisk: BaseOptions;
}

const PAUSE = { first: 100, most: 1_000, random: () => 0.5 + Math.random() / 2 };

export function platformaticOptions({ brokers, tls, sasl }: Connection): PlatformaticOptions {
  const base: BaseOptions = {
    clientId: CLIENT_ID,
    bootstrapBrokers: [...brokers],
    connectTimeout: 5_000,
    autocreateTopics: false,
    retryDelay: (_client, _operation, attempt) => backoffDelay(attempt, PAUSE),
    ...(tls ? { tls: {} } : {}),
    ...(sasl === null ? {} : { sasl: { ...sasl, mechanism: MECHANISMS[sasl.mechanism] } }),
  };
  return { patient: { ...base, retries: 1e9 }, brisk: { ...base, retries: 1 } };
}

const MECHANISMS = {
  plain: 'PLAIN',
  'scram-sha-256': 'SCRAM-SHA-256',
  'scram-sha-512': 'SCRAM-SHA-512',
} as const;
