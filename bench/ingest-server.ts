/** The server of ingest.bench.ts: ingest on an LMDB log in a temporary folder, and a route that only reads its body. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '#contracts/event/event.ts';
import { emptyCatalog } from '#contracts/log/definition-record.ts';
import { topics } from '#contracts/log/topics.ts';
import { buildIngest } from '#ingest/app.ts';
import { noKeys } from '#platform/access/testing/no-keys.ts';
import { listen } from '#platform/http/listen.ts';
import { createServer } from '#platform/http/server.ts';
import { createBudgets } from '#platform/limits/budgets.ts';
import { openLmdbLog } from '#platform/log/lmdb/lmdb-log.ts';
import { systemClock } from '#platform/process/clock.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { WIDE_LIMITS } from '../tests/testing/wide-limits.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
const log = await openLmdbLog({ folder });
await log.ensureTopics(topics(4));
const logger = createLogger('warn', 'bench');
const metrics = createMetrics(false);
const { depth: _, ...limits } = DEFAULT_LIMITS;
const ingest = buildIngest(
  { ...limits, skew: 300_000, linger: 3, pendingBytes: 64_000_000, rejectedBytes: 100_000, partitions: 4 },
  {
    log,
    clock: systemClock,
    logger,
    metrics,
    budgets: createBudgets(metrics),
    randomId: randomUUID,
    catalog: { catalog: emptyCatalog(), next: 0 },
  },
);
const http = {
  host: '127.0.0.1',
  port: 0,
  hosts: '',
  drain: 1_000,
  proxies: 0,
  limits: readSettings(WIDE_LIMITS).limits,
};
const server = createServer(http, { logger, metrics, keyring: noKeys(), ready: () => null });
server.register(ingest.routes);
const PUBLIC = { config: { access: 'public' } } as const;
server.register(async (app) => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 10_485_760 }, (_request, body, done) =>
    done(null, body),
  );
  // µs that the thread of the server has worked: what others do on the machine hardly changes it.
  app.get('/cpu', PUBLIC, async () => {
    const { user, system } = process.threadCpuUsage();
    return user + system;
  });
  app.post('/empty', PUBLIC, async () => ({ accepted: 0, late: 0, duplicates: 0, rejected: 0, errors: [] }));
});
process.once('SIGTERM', async () => {
  await server.close();
  await ingest.drain();
  await log.close();
  rmSync(folder, { recursive: true });
});
console.log(await listen(server, http));
