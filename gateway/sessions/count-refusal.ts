import type { Fault } from '#contracts/errors.ts';
import { isPreview } from '#contracts/view/asked-metric.ts';

/** Previews of one connection: the one that is edited, and one that it is compared with. Each takes reads of the archive. */
const PREVIEWS = 2;

/**
 * Returns why a connection may have no further view of this; null where it may. `held`: what its views are of; `views`: how many it may
 * have in all.
 */
export function countRefusal(metric: unknown, held: readonly unknown[], views: number): Fault | null {
  if (held.length >= views)
    return { code: 'too_many_views', message: `A connection may have ${views} views.` };
  if (!isPreview(metric) || held.filter(isPreview).length < PREVIEWS) return null;
  return {
    code: 'too_many_views',
    field: 'definition',
    message: `A connection may have ${PREVIEWS} previews; unsubscribe one of them. POST /v1/preview answers once.`,
  };
}
