import { MillraceError, shown } from '#contracts/errors.ts';
import type { Definition } from '#contracts/log/definition-record.ts';
import { type Caller, mayRead, metricRefusal } from '#platform/access/caller.ts';
import type { GatewayDeps } from '../../deps.ts';

/** Returns a metric that the caller may read. Rejects with `forbidden_metric` or `unknown_metric`. */
export async function findMetric(
  follower: GatewayDeps['catalog'],
  caller: Caller,
  id: string,
): Promise<Definition> {
  if (!mayRead(caller, id)) throw new MillraceError(metricRefusal(id));
  const { metrics } = follower.catalog;
  // Another gateway may have stored it a moment ago.
  if (!metrics.has(id)) await follower.caughtUp();
  const found = metrics.get(id);
  if (found !== undefined) return found;
  throw new MillraceError({
    code: 'unknown_metric',
    field: 'id',
    message: `There is no metric ${shown(id)}.`,
  });
}
