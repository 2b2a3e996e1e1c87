import type { Differences } from '#contracts/metric/explanation.ts';
import { shareDifference } from '#platform/store/judged-events.ts';
import type { FoldedMetric } from '../../core/derived/expand-derived.ts';
import type { CellQuery } from './cell-query.ts';
import { checkRange, type ExplainDeps, scopeOf } from './explain-cell.ts';

/** Properties that are compared, and values in the answer. As many properties have a column of their own in the archive. */
const PATHS = 32;
const VALUES = 50;
/** Events of both sides that are all looked at; of more, every k-th is. */
const EXACT = 100_000;

/** Compares the events of cells with those of other groups; where the cells are of all groups, with the time before, which is as long. */
export async function compareCells(
  known: FoldedMetric,
  cells: CellQuery,
  deps: ExplainDeps,
): Promise<Differences> {
  const { from, to, where } = cells;
  const isOfSome = where.length > 0;
  const begin = isOfSome ? from : from - (to - from);
  const compared = { from: begin, to, where };
  await checkRange(compared, deps);
  const scope = scopeOf(known, compared, await deps.store.readCommits());
  const shares = await deps.store.compareShares({
    ...scope,
    split: isOfSome ? null : from,
    paths: PATHS,
    values: VALUES,
    exact: EXACT,
  });
  return {
    metric: known.metric.id,
    version: known.version,
    from,
    to,
    against: isOfSome ? { groups: 'others', from, to } : { groups: 'same', from: begin, to: from },
    inside: shares.inside,
    outside: shares.outside,
    sample: shares.sample,
    omitted: shares.omitted,
    values: shares.values.map(({ path, value, inside, outside }) => ({
      property: path,
      value,
      inside,
      outside,
      difference: shareDifference({ inside, outside }, shares),
    })),
  };
}
