import { formatAggregate } from '#contracts/metric/aggregate-call.ts';
import { foldText, formatMetric, type Metric } from '#contracts/metric/metric.ts';
import { nullable, type Schema, type Static } from '#contracts/schema/schema.ts';
import type { CatalogFollower } from '#platform/definitions/follow.ts';
import type { Steps } from '../../core/steps.ts';
import type { PreviewState } from '../../previews/previews.ts';
import { costOf, type Previewed } from '../../previews/run-preview.ts';
import { findMetric } from '../../views/metric-lookup.ts';
import { answerSeries, SERIES_ANSWER } from '../series/series-answer.ts';

const { cursor: _, next: __, version: ___, ...SERIES_FIELDS } = SERIES_ANSWER.properties;

const WHOLE = { type: 'integer' } as const satisfies Schema;
const TEXT = { type: 'string' } as const satisfies Schema;
const TIME = { type: 'number', description: 'Epoch ms' } as const satisfies Schema;

/** One reason for which events are not counted. */
const SKIPPED = {
  type: 'object',
  required: ['field', 'expected', 'found', 'events'],
  properties: { field: TEXT, expected: TEXT, found: TEXT, events: WHOLE },
} as const satisfies Schema;

/** The answer of `POST /v1/preview`. */
export const PREVIEW_ANSWER = {
  type: 'object',
  description: 'What saving the definition would give, what it would cost, and what it does not count',
  required: ['complete', 'progress', 'metric', 'evaluated', 'series', 'events', 'cost', 'similar'],
  properties: {
    complete: {
      type: 'boolean',
      description: 'Whether it is all of the range. If not, the same request soon after gives more',
    },
    progress: { type: 'number', description: 'About how much of the work is done, from 0 to 1' },
    metric: {
      type: 'object',
      additionalProperties: {},
      description: 'The definition in canonical form',
    },
    evaluated: nullable({
      type: 'object',
      description: 'The time that was looked at: all of the range, or its newest part',
      required: ['from', 'to'],
      properties: { from: TIME, to: TIME },
    }),
    series: nullable({
      type: 'object',
      description: 'As GET /v1/metrics/{id}/series has it, of the time that was looked at',
      required: ['metric', 'window', 'panes', 'open', 'series', 'filled', 'begins'],
      properties: SERIES_FIELDS,
    }),
    events: nullable({
      type: 'object',
      description: 'Archived events of the time that was looked at which fit the names and the filter',
      required: ['matched', 'counted', 'imported', 'late', 'skipped'],
      properties: {
        matched: WHOLE,
        counted: WHOLE,
        imported: { ...WHOLE, description: 'Of those counted' },
        late: { ...WHOLE, description: 'Not counted: later than `lateness` allows' },
        skipped: {
          type: 'array',
          description: 'Not counted for the value of a property, by the first one at fault',
          items: SKIPPED,
        },
      },
    }),
    cost: nullable({
      type: 'object',
      description: 'What it would add to the Store in a day like the time that was looked at: an estimate',
      required: ['groups', 'rows', 'rowsPerDay', 'bytesPerDay', 'estimatedFrom'],
      properties: {
        groups: WHOLE,
        rows: { ...WHOLE, description: 'Stored rows of the time that was looked at' },
        rowsPerDay: WHOLE,
        bytesPerDay: WHOLE,
        estimatedFrom: { ...TEXT, description: 'What the figures of a day are made of' },
      },
    }),
    similar: {
      type: 'array',
      description: 'Metrics like it',
      items: {
        type: 'object',
        required: ['metric', 'title', 'same'],
        properties: {
          metric: TEXT,
          title: TEXT,
          same: {
            type: 'boolean',
            description: 'Whether it counts the very same; else its events and its aggregate are the same',
          },
        },
      },
    },
  },
} as const satisfies Schema;

type PreviewAnswer = Static<typeof PREVIEW_ANSWER>;

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
