import { formatAggregate } from '#contracts/metric/aggregate-call.ts';
import { foldText, type Metric } from '#contracts/metric/metric.ts';
import type { PreviewNotes } from '#contracts/view/preview-result.ts';
import type { CatalogFollower } from '#platform/definitions/follow.ts';
import type { Steps } from '../core/steps.ts';
import { findMetric } from '../views/metric-lookup.ts';
import { costOf, type Previewed } from './run-preview.ts';

/** Metrics like it that an answer lists. */
const MOST_SIMILAR = 20;
/** Metrics that are compared in a step. */
const COMPARED = 50;

/** Returns, in steps, what is known of a definition beside its values; `previewed`: null where nothing was evaluated yet. */
export function* notesOf(
  metric: Metric,
  { previewed, progress }: { previewed: Previewed | null; progress: number },
  catalog: CatalogFollower,
): Steps<PreviewNotes> {
  return {
    complete: progress === 1,
    progress,
    evaluated: previewed === null ? null : previewed.span,
    events: previewed === null ? null : eventsOf(previewed),
    cost: previewed === null ? null : describeCost(previewed),
    similar: yield* findSimilar(metric, catalog),
  };
}

function eventsOf({ tally: { misfits, ...counts } }: Previewed) {
  return { ...counts, skipped: misfits };
}

function describeCost(previewed: Previewed) {
  const { rows, ...cost } = costOf(previewed);
  const { from, to } = previewed.span;
  const seconds = Math.round((to - from) / 1_000);
  return {
    ...cost,
    rows,
    estimatedFrom: `${rows} rows and ${previewed.size.numbers} numbers of states over ${seconds} s`,
  };
}

/** Metrics that fold the same, and those with the same events and aggregate. */
function* findSimilar(metric: Metric, follower: CatalogFollower): Steps<PreviewNotes['similar']> {
  const fold = foldText(metric);
  const looks = likeness(metric);
  const found: PreviewNotes['similar'] = [];
  let compared = 0;
  for (const id of [...follower.catalog.metrics.keys()]) {
    if (++compared % COMPARED === 0) yield;
    const other = findMetric(follower, id, Number.POSITIVE_INFINITY);
    if (!other.ok || 'derived' in other.value || likeness(other.value.metric) !== looks) continue;
    found.push({ metric: id, title: other.value.metric.title, same: foldText(other.value.metric) === fold });
  }
  return found.sort((a, b) => Number(b.same) - Number(a.same)).slice(0, MOST_SIMILAR);
}

const likeness = ({ events, aggregate }: Metric): string =>
  JSON.stringify([events, formatAggregate(aggregate)]);
