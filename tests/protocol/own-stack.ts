import { aggregateOf } from '#aggregates/registry.ts';
import { buildEmbedded, type Embedded } from '#embedded/app.ts';
import { createMemoryLog } from '#platform/log/local/memory-log.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { createMemoryStore } from '#platform/store/memory/memory-store.ts';

/** All services in this process, over the memory adapters, on a free port. */
export function startOwnStack(env: Record<string, string> = {}): Promise<Embedded> {
  const adapters = { log: createMemoryLog(), store: createMemoryStore({ aggregateOf }) };
  const logger = createLogger('silent', 'protocol');
  return buildEmbedded(readSettings({ MILLRACE_PORT: '0', ...env }), { ...adapters, logger });
}
