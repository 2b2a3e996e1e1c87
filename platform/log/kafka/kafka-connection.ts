import type { Logger } from '#platform/process/reporting/logger.ts';

/** How to reach the brokers; the same for every client library. */
export interface Connection {
  /** host:port, at least one. */
  brokers: readonly string[];
  /** TLS by the system's certificates. */
  tls: boolean;
  sasl: { mechanism: SaslMechanism; username: string; password: string } | null;
  logger: Logger;
}

export type SaslMechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512';

/** How the brokers see this process. */
export const CLIENT_ID = 'millrace';
