import { type Definition, foldsOf } from '#contracts/log/definition-record.ts';
import type { CommitRow } from '#contracts/log/rows.ts';

/** Metrics whose newest version is not served yet. */
export const waitingToBeServed = (definitions: Iterable<Definition>): Definition[] =>
  [...definitions].filter((definition) => foldsOf(definition).length > 1);

/**
 * Those of them whose history is filled in for every partition according to the commit rows, so that no crash can
 * undo it (rule 7).
 */
export const planServe = (
  waiting: readonly Definition[],
  partitions: readonly number[],
  commits: readonly CommitRow[],
): Definition[] => waiting.filter((definition) => isFilledIn(definition, partitions, commits));

const isFilledIn = (
  { id, version }: Definition,
  partitions: readonly number[],
  commits: readonly CommitRow[],
): boolean =>
  partitions.every((partition) => {
    const active = commits.find((row) => row.part === partition)?.facts.active ?? [];
    return active.some((a) => a.metric === id && a.version === version && a.backfilled);
  });
