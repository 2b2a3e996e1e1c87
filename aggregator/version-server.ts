import { type Definition, foldsOf } from '#contracts/definitions.ts';
import type { CommitRow } from '#contracts/rows.ts';
import type { Shared } from './deps.ts';

/** The partition whose owner decides: one writer is enough, and a second one's record changes nothing. */
const DECIDES = 0;

/**
 * Says which metrics' newest versions are served from now on: those whose history is filled in, in every partition
 * and as the commit rows have it (rule 7). A crash before the record repeats the look; one after it finds it done.
 */
export function createVersionServer({ store, log, catalog, owners, logger }: Shared): () => Promise<void> {
  return async () => {
    if (!owners.has(DECIDES)) return;
    const pending = [...catalog.catalog.metrics.values()].filter((d) => foldsOf(d).length > 1);
    if (pending.length === 0) return;
    const partitions = (await log.bounds('events')).map((b) => b.partition);
    const commits = await store.readCommits();
    for (const { id, version } of pending.filter((d) => isFilledIn(d, partitions, commits))) {
      const { applied } = await catalog.write({ kind: 'serve', id, version });
      if (applied) logger.info({ metric: id, version }, 'the new version is served');
    }
  };
}

const isFilledIn = ({ id, version }: Definition, partitions: number[], commits: readonly CommitRow[]) =>
  partitions.every((partition) => {
    const active = commits.find((row) => row.part === partition)?.facts.active ?? [];
    return active.some((a) => a.metric === id && a.version === version && a.backfilled);
  });
