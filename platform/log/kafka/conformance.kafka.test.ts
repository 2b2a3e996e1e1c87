import { inject } from 'vitest';
import { describeLog } from '../log.conformance.ts';
import { CLIENTS, freshPrefix, openTestLog } from './testing/open-test-log.ts';

for (const client of CLIENTS) {
  describeLog(`Kafka through ${client}`, async () => {
    const settings = { client, prefix: freshPrefix(), brokers: inject('kafka') };
    const [log, other] = await Promise.all([openTestLog(settings), openTestLog(settings)]);
    return { log, other, dispose: async () => void (await Promise.all([log.close(), other.close()])) };
  });
}
