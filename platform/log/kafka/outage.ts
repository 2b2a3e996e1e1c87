import { setTimeout as wait } from 'node:timers/promises';
import { backoffDelay } from '#contracts/backoff.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';

/** Consecutive failures of something that is retried until it works: logged once, and once more when they are over. */
export interface Outage {
  /** Resolves after a pause, longer with every failure in a row. */
  failed(error: unknown): Promise<void>;
  worked(): void;
}

const PAUSE = { first: 100, most: 1_000, random: Math.random };

export function createOutage(logger: Logger): Outage {
  let failures = 0;
  return {
    async failed(error) {
      failures += 1;
      if (failures === 1)
        logger.warn({ code: 'log_unavailable', err: error }, 'cannot read from the Kafka brokers');
      await wait(backoffDelay(failures, PAUSE));
    },
    worked() {
      if (failures > 0) logger.info({ failures }, 'reading from the Kafka brokers again');
      failures = 0;
    },
  };
}
