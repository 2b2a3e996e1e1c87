import { bitsOf } from '#contracts/filter/compile-filter.ts';
import { dimensionText } from '#contracts/metric/dimension.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import { isLate } from '#contracts/metric/pane.ts';
import type { SequenceForm } from '#contracts/metric/sequence.ts';
import type { Aggregate } from '../aggregate.ts';
import type { CompiledMetric, Places } from './compile-metric.ts';
import type { GroupKeys } from './group-key.ts';

/*
 * What a metric makes of one event, before anything is counted. The fold judges by it, and whoever has to say what
 * became of an event: so the two cannot differ.
 */

/** Why an event does not count. Symbols, since any text may be a value. */
export const UNMATCHED = Symbol('unmatched');
export const LATE = Symbol('late');
/** A dimension is an object or a list. */
export const NO_GROUP = Symbol('no group');
/** The event has no value at the metric's field, or one of another type. */
export const ABSENT = Symbol('absent');
export const WRONG = Symbol('wrong');

export type Left = typeof UNMATCHED | typeof LATE | typeof NO_GROUP | typeof ABSENT | typeof WRONG;

/** A metric with its places among the values of the events that it judges. */
export interface Judge {
  readonly compiled: CompiledMetric;
  readonly places: Places;
  readonly keys: GroupKeys;
}

/** What is judged; `ts` is epoch ms. */
export interface JudgedEvent {
  readonly ts: number;
  readonly key: string | null;
  readonly values: readonly unknown[];
}

/** Whether a metric counts events of this name. */
export const isNamed = ({ events }: Pick<Metric, 'events'>, event: string): boolean =>
  events === null || events.includes(event);

/**
 * Returns what the aggregate adds for an event whose name the metric counts, or why it adds nothing. `watermark` is the one before the
 * event's block; null: the event is late for nothing. This is the hot path of the fold: nothing is allocated here.
 */
export function judgeEvent(
  { compiled, places, keys }: Judge,
  event: JudgedEvent,
  watermark: number | null,
): number | string | undefined | Left {
  if (!places.matches(event.values)) return UNMATCHED;
  if (isLate(event.ts, compiled.metric.lateness, watermark)) return LATE;
  if (keys.of(event.values) === null) return NO_GROUP;
  const input = readInput(compiled.aggregate.input, places, event.values);
  const { sequence } = compiled.aggregate;
  return sequence === undefined || isLeft(input) ? input : asPoint(sequence, input, event.key);
}

/** What an event adds that is part of a sequence: nothing without a key, and only what its form accepts; 1 where nothing is read. */
function asPoint(
  { accepts }: SequenceForm,
  input: number | string | undefined,
  key: string | null,
): number | typeof ABSENT | typeof WRONG {
  if (key === null) return ABSENT;
  const value = input ?? 1;
  return typeof value === 'number' && accepts(value) ? value : WRONG;
}

/** Whether a judgement is that an event does not count. */
export const isLeft = (judged: number | string | undefined | Left): judged is Left =>
  typeof judged === 'symbol';

/** What the aggregate adds: undefined for `none`, a number, text, or the bits of conditions. The SQL fold skips both ABSENT and WRONG. */
function readInput(
  input: Aggregate['input'],
  { field, conditions }: Places,
  values: readonly unknown[],
): number | string | undefined | typeof ABSENT | typeof WRONG {
  if (input === 'none') return undefined;
  if (input === 'conditions') return bitsOf(conditions, values);
  const value = values[field];
  if (value === undefined || value === null) return ABSENT;
  if (input === 'number') return typeof value === 'number' && Number.isFinite(value) ? value : WRONG;
  return dimensionText(value) ?? WRONG;
}
