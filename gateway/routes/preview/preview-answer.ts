import { formatAggregate } from '#contracts/metric/aggregate-call.ts';
import { foldText, formatMetric, type Metric } from '#contracts/metric/metric.ts';
import type { PreviewAnswer } from '#contracts/view/preview-result.ts';
import type { CatalogFollower } from '#platform/definitions/follow.ts';
import type { Steps } from '../../core/steps.ts';
import type { PreviewState } from '../../previews/previews.ts';
import { costOf, type Previewed } from '../../previews/run-preview.ts';
import { findMetric } from '../../views/metric-lookup.ts';
import { answerSeries } from '../series/series-answer.ts';

/** Metrics like it that an answer lists. */
const MOST_SIMILAR = 20;
/** Metrics that are compared in a step. */
const COMPARED = 50;

/** Returns the answer, in steps. */
export function* answerPreview(
  metric: Metric,
  state: PreviewState,
  { catalog, epoch }: { catalog: CatalogFollower; epoch: string },
): Steps<PreviewAnswer> {
  const { complete, previewed } = state;
  return {
    complete,
    progress: state.complete ? 1 : state.progress,
    metric: formatMetric(metric),
    evaluated: previewed === null ? null : previewed.span,
    series: previewed === null ? null : yield* seriesOf(previewed, epoch),
    events: previewed === null ? null : eventsOf(previewed),
    cost: previewed === null ? null : describeCost(previewed),
    similar: yield* findSimilar(metric, catalog),
  };
}

function* seriesOf(
  { live, info, contents, timeline, earlier, partitions }: Previewed,
  epoch: string,
): Steps<NonNullable<PreviewAnswer['series']>> {
  const whole = { ...contents, filled: { done: partitions, of: partitions } };
  const answer = yield* answerSeries({ live, info, epoch, to: 0, change: whole, whole, timeline, earlier });
  const { cursor: _cursor, next: _next, version: _version, ...series } = answer;
  return series;
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
function* findSimilar(metric: Metric, follower: CatalogFollower): Steps<PreviewAnswer['similar']> {
  const fold = foldText(metric);
  const looks = likeness(metric);
  const found: PreviewAnswer['similar'] = [];
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
