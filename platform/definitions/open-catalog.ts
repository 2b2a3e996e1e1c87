import { randomUUID } from 'node:crypto';
import { MillraceError } from '#contracts/errors.ts';
import {
  applyDefinition,
  type DefinitionRecord,
  decodeDefinition,
  emptyCatalog,
  encodeDefinition,
} from '#contracts/log/definition-record.ts';
import type { Log, StoredRecord } from '#platform/log/log.ts';
import { codeOf } from '#platform/process/code-of.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';
import type { Metrics } from '#platform/process/reporting/metrics.ts';
import { createCatchUp } from './catch-up.ts';
import type { CatalogFollower } from './follow.ts';
import { createReadBack } from './read-back.ts';

export interface CatalogDeps {
  logger: Logger;
  metrics: Metrics;
  /** Gives the log its identity where it has none yet. Default: a random UUID. */
  createId?: () => string;
  /** Called when the topic can no longer be followed: the process should end. Logged in any case. */
  failed?: (error: Error) => void;
}

/** How long a caller waits for a definition that is not known here, ms. */
const CATCH_UP_TIMEOUT_MS = 5_000;

/**
 * Follows the `definitions` topic, which must exist; resolves when everything that was in it at the call is applied.
 * A record that cannot be read is skipped, logged and counted: it must not keep the process from the others.
 * When the topic can no longer be followed, `write` rejects with the reason, and so does every write that waits.
 */
export async function openCatalog(
  log: Log,
  { logger, metrics, createId = randomUUID, failed }: CatalogDeps,
): Promise<CatalogFollower> {
  const catalog = emptyCatalog();
  const listeners = new Set<(record: DefinitionRecord, offset: number) => void>();
  const readBack = createReadBack();

  const apply = ({ offset, value }: StoredRecord): boolean => {
    const read = decodeDefinition(Buffer.from(value).toString());
    if (!read.ok) {
      logger.warn({ code: read.fault.code, offset }, `definition skipped: ${read.fault.message}`);
      metrics.add('millrace_definitions_skipped_total');
      return false;
    }
    if (!applyDefinition(catalog, read.value, offset)) return false;
    for (const listener of [...listeners]) listener(read.value, offset);
    return true;
  };
  const write = (record: DefinitionRecord): Promise<{ applied: boolean; offset: number }> =>
    readBack.follow(async () => {
      const value = Buffer.from(encodeDefinition(record));
      const [offset] = await log.append('definitions', 0, [{ key: null, value, headers: {} }]);
      return offset!;
    });

  const readBounds = async () => (await log.bounds('definitions'))[0]!;
  const caughtUp = createCatchUp(
    { readEnd: async () => (await readBounds()).end, passed: readBack.passed },
    CATCH_UP_TIMEOUT_MS,
  );

  const { start, end } = await readBounds();
  let next = start;
  const subscription = await log.tail(
    'definitions',
    0,
    start,
    (records) => {
      for (const record of records) {
        const applied = apply(record);
        next = record.offset + 1;
        readBack.record(record.offset, applied);
      }
    },
    (error) => {
      logger.error({ err: error, code: codeOf(error) }, 'definitions tail failed');
      readBack.end(error);
      failed?.(error);
    },
  );
  const close = async (): Promise<void> => {
    readBack.end(new MillraceError({ code: 'shutting_down', message: 'The definitions tail has ended.' }));
    await subscription.close();
  };
  try {
    if (end > start) await readBack.passed(end - 1);
    // Two processes may both find none: the first record wins in every reader.
    if (catalog.identity === null) await write({ kind: 'identity', id: createId() });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    catalog,
    get next() {
      return next;
    },
    identity: catalog.identity!,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    write,
    caughtUp,
    close,
  };
}
