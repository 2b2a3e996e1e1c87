import { afterAll, beforeAll } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import { buildEmbedded, type Embedded } from '#embedded/app.ts';
import { createMemoryLog } from '#platform/log/memory-log.ts';
import { readSettings } from '#platform/process/config.ts';
import { createLogger } from '#platform/process/logger.ts';
import { createMemoryStore } from '#platform/store/memory-store.ts';
import { describeProtocol } from './describe-protocol.ts';

/** `MILLRACE_URL=http://… npx vitest run infra/protocol/conformance.test.ts` holds that one to the protocol instead. */
const given = process.env.MILLRACE_URL;
let own: Embedded | null = null;

beforeAll(async () => {
  if (given !== undefined) return;
  // The least credit, so that a client that does not acknowledge is left behind within a test.
  const settings = readSettings({ MILLRACE_PORT: '0', MILLRACE_CREDIT: '4096' });
  const logger = createLogger('silent', 'conformance');
  own = await buildEmbedded(settings, {
    log: createMemoryLog(),
    store: createMemoryStore({ aggregateOf }),
    logger,
  });
});
afterAll(() => own?.close());

describeProtocol(() => given ?? own!.url, ['websocket', 'polling']);
