/**
 * The process that the mutated inputs are sent to: all of Millrace on an LMDB log and the memory store. Answers its
 * parent over IPC. An uncaught exception ends it, as Node does by default, and that fails the test.
 */
import { aggregateOf } from '#aggregates/registry.ts';
import { LEFT_OUT_RECORD, REJECTED_RECORD } from '#contracts/log/rejected-record.ts';
import { fits } from '#contracts/schema/fits.ts';
import { openLmdbLog } from '#platform/log/lmdb/lmdb-log.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { createMemoryStore } from '#platform/store/memory/memory-store.ts';
import { buildEmbedded } from '../../embedded/app.ts';
import { recordsOf } from '../testing/topic-records.ts';
import { WIDE_LIMITS } from '../testing/wide-limits.ts';

const [folder = ''] = process.argv.slice(2);
const settings = readSettings({
  MILLRACE_PORT: '0',
  MILLRACE_PARTITIONS: '2',
  ...WIDE_LIMITS,
  // gateway/sockets/flood.test.ts meets the limit; here every input is to be judged by itself.
  MILLRACE_MESSAGES: '100000',
});
const log = await openLmdbLog({ folder });
const app = await buildEmbedded(settings, {
  log,
  store: createMemoryStore({ aggregateOf }),
  logger: createLogger('error', 'mutation'),
});

const answers: Record<string, () => unknown> = {
  heap() {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed + process.memoryUsage().external;
  },
  rejected: async () =>
    (await recordsOf(log, 'rejected'))
      .map(({ value }) => JSON.parse(Buffer.from(value).toString()) as unknown)
      .flatMap((record) => (fits(LEFT_OUT_RECORD, record) ? [] : [readCode(record)])),
  close: app.close,
};

/** Every other record is that of a refusal. */
function readCode(record: unknown): string {
  if (!fits(REJECTED_RECORD, record)) throw new Error(`no refusal: ${JSON.stringify(record)}`);
  return record.code;
}

process.on('message', async ({ call, ask }: { call: number; ask: string }) => {
  const answer = await answers[ask]!();
  process.send!({ call, answer });
  if (ask === 'close') process.disconnect();
});
process.send!({ url: app.url });
