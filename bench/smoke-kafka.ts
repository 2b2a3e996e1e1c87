import type { ExpectedColumns } from './run-smoke.ts';

/** The benches that start a broker of their own. */
export const KAFKA_BENCHES: Record<string, ExpectedColumns> = {
  'kafka-log': {
    'kafka-log': ['produce', 'consume'].flatMap((what) =>
      ['eventsPerSecond', 'toKafkajs', 'cpuUsPerEvent'].map((column) => `${what}.${column}`),
    ),
  },
  'kafka-chain': { 'kafka-chain': ['rate', 'acknowledged', 'behindMs', 'refused', 'answerMs.p50'] },
};
