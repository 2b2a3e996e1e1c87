import { eachApart } from '#platform/process/tasks/each-apart.ts';
import { planServe, waitingToBeServed } from '../core/plan-serve.ts';
import type { Shared } from '../deps.ts';

/** The partition whose owner decides: one writer is enough, and a second one's record changes nothing. */
const DECIDES = 0;

/**
 * Says which metrics' newest versions are served from now on: those whose history is filled in (rule 7). A crash
 * before the record repeats the look; one after it finds it done.
 */
export function createVersionServer({ store, log, catalog, owners, logger }: Shared): () => Promise<void> {
  return async () => {
    if (!owners.has(DECIDES)) return;
    const waiting = waitingToBeServed(catalog.catalog.metrics.values());
    if (waiting.length === 0) return;
    const partitions = (await log.bounds('events')).map((b) => b.partition);
    const filled = planServe(waiting, partitions, await store.readCommits());
    await eachApart(filled, async ({ id, version }) => {
      const { applied } = await catalog.write({ kind: 'serve', id, version });
      if (applied) logger.info({ metric: id, version }, 'serving new metric version');
    });
  };
}
