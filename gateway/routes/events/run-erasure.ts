import { createHmac } from 'node:crypto';
import { MillraceError } from '#contracts/errors.ts';
import type { Erasure } from '#contracts/event/erasure.ts';
import { topics } from '#contracts/log/topics.ts';
import { type Backoff, retryWithBackoff } from '#platform/process/tasks/retry-with-backoff.ts';
import type { GatewayDeps } from '../../deps.ts';
import { findMetric } from '../../views/metric-lookup.ts';

type Deps = Pick<GatewayDeps, 'log' | 'store' | 'catalog' | 'clock' | 'logger'>;

/**
 * Removes the archived events of a key, those that were accepted before the call and are not archived yet included: it waits for them as
 * long as the backoff goes on, and removes nothing where they do not come (`overloaded`). Whether it ends well or not, it may be done again.
 * The log says who did it, and of which key by a hash that only who knows the key and the identity of the Log can make.
 */
export async function runErasure(
  { key, caller }: { key: string; caller: string },
  deps: Deps,
  backoff: Backoff,
): Promise<Erasure> {
  const { log, store, catalog, clock, logger } = deps;
  const before = clock();
  const ends = await log.bounds('events');
  await retryWithBackoff(
    () => checkStored(ends, store),
    backoff,
    () => {},
  );
  const { events, names } = await store.eraseEvents(key).catch((error: unknown) => {
    throw withoutKey(error, key);
  });
  const keyHash = createHmac('sha256', catalog.identity).update(key).digest('hex').slice(0, 32);
  logger.info({ caller, keyHash, removed: events }, 'erased the archived events of a key');
  return { removed: events, before, logUntil: logUntil(before), metrics: countersOf(names, catalog) };
}

/** An engine may quote the statement that has failed, and the key in it: that is neither logged nor answered. */
function withoutKey(error: unknown, key: string): MillraceError {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof MillraceError ? error.code : 'internal';
  return new MillraceError({ code, message: message.replaceAll(key, '…') });
}

/** Whether all events below the ends are in the archive. Rejects with `overloaded` where they are not. */
async function checkStored(
  ends: readonly { partition: number; end: number }[],
  store: Pick<Deps['store'], 'readCommits'>,
): Promise<void> {
  const commits = new Map((await store.readCommits()).map(({ part, next }) => [part, next]));
  const behind = ends.find(({ partition, end }) => (commits.get(partition) ?? 0) < end);
  if (behind === undefined) return;
  const { partition, end } = behind;
  throw new MillraceError({
    code: 'overloaded',
    message: `Events partition ${partition} is stored up to ${commits.get(partition) ?? 0}, and ${end} is waited for: nothing was removed; try again.`,
  });
}

function logUntil(now: number): number | null {
  const kept = topics(1).filter(({ name }) => name === 'events' || name === 'rejected');
  return kept.reduce<number | null>(
    (latest, { retention }) =>
      latest === null || retention === null ? null : Math.max(latest, now + retention),
    now,
  );
}

/** Ids of the metrics that count an event of these names, sorted. */
function countersOf(names: readonly string[], follower: Deps['catalog']): string[] {
  if (names.length === 0) return [];
  const counts = (id: string): boolean => {
    const found = findMetric(follower, id, Number.POSITIVE_INFINITY);
    // What is computed from others counts nothing itself.
    if (!found.ok || 'derived' in found.value) return false;
    const { events } = found.value.metric;
    return events === null || events.some((name) => names.includes(name));
  };
  return [...follower.catalog.metrics.keys()].filter(counts).sort();
}
