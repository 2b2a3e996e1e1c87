import { compileFilter, type FilteredEvent } from '#contracts/filter/compile-filter.ts';
import { compilePattern } from '#contracts/filter/match-pattern.ts';
import { formatText } from '#contracts/filter/text-print.ts';
import { dimensionText } from '#contracts/metric/dimension.ts';
import { readEventPath } from '#contracts/metric/envelope.ts';
import { expectedBy, propertyType } from '#contracts/metric/explanation.ts';
import { countedWhere } from '#contracts/metric/metric.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import type { MetricVerdict } from '#contracts/metric/verdict.ts';
import { type CompiledMetric, fieldOf, placeMetric } from './compile-metric.ts';
import { createGroupKeys, readGroup } from './group-key.ts';
import { ABSENT, isLeft, isNamed, judgeEvent, LATE, type Left, NO_GROUP, UNMATCHED } from './judge-event.ts';

/** What the fold makes of an event, in words: by its own judgement. */
export type Judgement = Omit<MetricVerdict, 'metric' | 'version' | 'part' | 'merged' | 'group'> & {
  /** Dimension texts of what counts. */
  group?: string[];
  /** What the aggregate adds for it. */
  value?: number | string | undefined;
};

/**
 * Judges an event. `watermark`: the one before the event's block; null: it is late for nothing. `most`: characters of a dimension's
 * value.
 */
export type JudgeEvent = (event: FilteredEvent, watermark: number | null, most?: number) => Judgement;

/** Returns what tells, event by event, what the fold makes of it for a metric. */
export function createVerdicts(compiled: CompiledMetric): JudgeEvent {
  const { metric, aggregate, paths } = compiled;
  const places = placeMetric(compiled, paths);
  const conditions = countedWhere(metric).map((filter) => ({
    text: formatText([filter]),
    fits: compileFilter([filter], compilePattern),
  }));
  return (event, watermark, most = Number.POSITIVE_INFINITY) => {
    if (!isNamed(metric, event.event))
      return { outcome: 'no_match', field: '$event', expected: (metric.events ?? []).join(', ') };
    const values = paths.map((path) => readEventPath(event, path));
    const dimensions = { places: places.groupBy, most };
    const judge = { compiled, places, keys: createGroupKeys(dimensions) };
    const judged = judgeEvent(judge, { ts: event.ts, key: event.key, values }, watermark);
    if (!isLeft(judged)) {
      const group = readGroup(values, dimensions)!;
      return { outcome: 'counted', pane: floorTo(event.ts, metric.pane), group, value: judged };
    }
    if (judged === UNMATCHED) {
      // Of a list of conditions all must hold: one of them does not.
      const { text } = conditions.find(({ fits }) => !fits(event))!;
      return { outcome: 'no_match', condition: text };
    }
    if (judged === LATE) return { outcome: 'late', by: watermark! - metric.lateness - event.ts };
    const isDimension = judged === NO_GROUP;
    const field = isDimension ? oddDimension(compiled, event) : oddField(compiled, event, judged);
    return {
      outcome: judged === ABSENT ? 'absent' : 'skipped',
      field,
      expected: expectedBy(isDimension ? 'text' : aggregate.input),
      found: propertyType(readEventPath(event, field)),
    };
  };
}

/** The field of the aggregate, or the key that a sequence needs. */
function oddField(compiled: CompiledMetric, event: FilteredEvent, judged: Left): string {
  const field = fieldOf(compiled);
  if (field === null) return '$key';
  const hasValue = (readEventPath(event, field) ?? null) !== null;
  return judged === ABSENT && hasValue ? '$key' : field;
}

const oddDimension = ({ metric }: CompiledMetric, event: FilteredEvent): string =>
  metric.groupBy.find((path) => dimensionText(readEventPath(event, path)) === undefined)!;
