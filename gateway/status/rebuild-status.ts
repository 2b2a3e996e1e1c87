import type { Definition } from '#contracts/log/definition-record.ts';
import type { CommitRow } from '#contracts/log/rows.ts';
import type { FillFailure } from '#contracts/view/backfill-progress.ts';
import type { RebuildProgress } from '#contracts/view/rebuild-progress.ts';

/** What is known of a metric's rebuild beside its definition. */
export interface RebuildFacts {
  /** Number of partitions of the events topic. */
  partitions: number;
  commits: readonly CommitRow[];
  /** Why fills of the version fail; null where no failure is known. */
  failure: FillFailure | null;
}

/** How far the newest rebuild is, from the commit rows: what they say no crash can undo. */
export function rebuildProgress(
  { id: metric, version, rebuild }: Pick<Definition, 'id' | 'version' | 'rebuild'>,
  { partitions: of, commits, failure }: RebuildFacts,
): RebuildProgress {
  const head = { metric, version };
  if (rebuild === undefined) return { ...head, state: 'none', done: 0, of };
  const done = commits.filter(({ facts }) =>
    facts.active.some(({ metric: other, version: active, added }) => {
      if (other !== metric || active !== version || added?.late === undefined) return false;
      const { request, below, filled } = added.late;
      return request >= rebuild.request && filled >= below;
    }),
  ).length;
  if (done === of) return { ...head, state: 'done', done, of };
  if (rebuild.cancelled) return { ...head, state: 'cancelled', done, of };
  return { ...head, state: 'running', done, of, ...(failure === null ? {} : { failing: failure }) };
}
