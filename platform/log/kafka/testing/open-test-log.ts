import { randomUUID } from 'node:crypto';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import type { Log } from '../../log.ts';
import { type KafkaSettings, openKafkaLog } from '../open-kafka-log.ts';

export const CLIENTS = ['kafkajs', 'platformatic'] as const;

/** Topics of their own for each test, on the broker of all. */
export const freshPrefix = (): string => `t${randomUUID().slice(0, 8)}-`;

/** A log as a process would open it, with the shortest session that brokers allow by default. */
export const openTestLog = (
  settings: Pick<KafkaSettings, 'client' | 'prefix'> & { brokers: string } & Partial<
      Omit<KafkaSettings, 'brokers'>
    >,
  metrics = createMetrics(false),
): Promise<Log> =>
  openKafkaLog(
    {
      tls: false,
      sasl: null,
      replicas: 1,
      minInsync: 1,
      session: 6_000,
      linger: 0,
      pendingBytes: 64_000_000,
      deadline: 20_000,
      ...settings,
      brokers: [settings.brokers],
    },
    { logger: createLogger(process.env.KAFKA_LOG_LEVEL ?? 'silent', 'test'), metrics },
  );
