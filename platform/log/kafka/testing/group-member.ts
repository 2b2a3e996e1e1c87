import process from 'node:process';
import { startsOf } from '../../log-harness.conformance.ts';
import { openTestLog } from './open-test-log.ts';

/** A separate process: a member of the group `g` that prints what it owns, until it is killed. */
const [client, prefix, brokers] = process.argv.slice(2) as ['kafkajs' | 'platformatic', string, string];
const log = await openTestLog({ client, prefix, brokers });
const positions = await startsOf(log);
await log.consume('events', 'g', {
  assigned: async (partition) => {
    process.send?.(partition);
    return positions[partition]!;
  },
  revoked: async () => {},
  batch: async () => {},
  failed: (error) => {
    throw error;
  },
});
