import { type Fault, MillraceError } from '#contracts/errors.ts';
import { type Caller, mayRead, metricRefusal } from '#platform/access/caller.ts';
import type { ExpandedMetric, FoldedMetric } from '../../core/derived/expand-derived.ts';
import type { GatewayDeps } from '../../deps.ts';
import { findWrittenMetric } from '../../views/metric-lookup.ts';

/**
 * Returns the served version of a metric that the caller may read and that events are folded into. Rejects with `forbidden_metric`,
 * `unknown_metric`, or, for a derived one, with `derived_metric`: it is made of numbers, and those of events.
 */
export async function findFoldedMetric(
  follower: GatewayDeps['catalog'],
  caller: Caller,
  id: string,
): Promise<FoldedMetric> {
  if (!mayRead(caller, id)) throw new MillraceError(metricRefusal(id));
  const found = await findWrittenMetric(follower, id, Number.POSITIVE_INFINITY);
  if (!found.ok) throw new MillraceError(found.fault);
  if ('derived' in found.value) throw new MillraceError(computedFrom(found.value.derived));
  return found.value;
}

const computedFrom = ({ id, parts }: ExpandedMetric): Fault => ({
  code: 'derived_metric',
  field: 'id',
  message: `${id} is computed from other metrics; ask about one of them: ${parts.map(({ metric }) => metric.id).join(', ')}.`,
});
