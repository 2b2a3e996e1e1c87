import { aggregateOf } from '#aggregates/registry.ts';
import { createMemoryLog } from '#platform/log/local/memory-log.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { createMemoryStore } from '#platform/store/memory/memory-store.ts';
import type { Adapters } from '../../embedded/adapters.ts';
import { type Built, buildEmbedded, type Embedded } from '../../embedded/app.ts';

/** All of Millrace in this process on the reference adapters, at a free port; with the adapters beneath it. */
export async function startMemoryMillrace(
  env: Record<string, string> = {},
  built: Built | null = null,
): Promise<Embedded & Adapters> {
  const settings = readSettings({ MILLRACE_PORT: '0', MILLRACE_PARTITIONS: '2', ...env });
  const adapters = { log: createMemoryLog(), store: createMemoryStore({ aggregateOf }) };
  const app = await buildEmbedded(settings, {
    ...adapters,
    logger: createLogger('warn', 'test'),
    ...(built === null ? {} : { built }),
  });
  return { ...app, ...adapters };
}
