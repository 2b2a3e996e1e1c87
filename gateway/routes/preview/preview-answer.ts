import { formatMetric, type Metric } from '#contracts/metric/metric.ts';
import type { PreviewAnswer } from '#contracts/view/preview-result.ts';
import type { CatalogFollower } from '#platform/definitions/follow.ts';
import type { Steps } from '../../core/steps.ts';
import { notesOf } from '../../previews/preview-notes.ts';
import type { PreviewState } from '../../previews/previews.ts';
import type { Previewed } from '../../previews/run-preview.ts';
import { answerSeries } from '../series/series-answer.ts';

/** Returns the answer, in steps. */
export function* answerPreview(
  metric: Metric,
  state: PreviewState,
  { catalog, epoch }: { catalog: CatalogFollower; epoch: string },
): Steps<PreviewAnswer> {
  const { complete, previewed } = state;
  const notes = yield* notesOf(metric, { previewed, progress: state.complete ? 1 : state.progress }, catalog);
  return {
    ...notes,
    complete,
    metric: formatMetric(metric),
    series: previewed === null ? null : yield* seriesOf(previewed, epoch),
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
