import type { CompiledMetric } from '#aggregates/judge/compile-metric.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import {
  SEQUENCE_HOUR,
  SEQUENCE_MINUTE,
  type SequenceForm,
  type SequenceScope,
} from '#contracts/metric/sequence.ts';

/** What the sequences of a metric follow from. */
export interface SequenceRules extends Omit<SequenceScope, 'key'> {
  form: SequenceForm;
  lateness: number;
}

/** Returns what a metric's sequences follow from; null where each event counts by itself. */
export function rulesOf({ metric, aggregate }: CompiledMetric): SequenceRules | null {
  const { sequence: form } = aggregate;
  const { aggregate: call, pane, lateness } = metric;
  return form === undefined ? null : { form, call, hold: form.hold(call), pane, lateness };
}

/** The time above which events are on time; -∞ before the first block. */
export const beginOnTime = (lateness: number, watermark: number | null): number =>
  watermark === null ? Number.NEGATIVE_INFINITY : watermark - lateness;

/** Which points must be known to go on from a watermark, as `Store.readPoints` has it. */
export function neededPoints(
  { form, call, hold, lateness }: SequenceRules,
  watermark: number | null,
): { from: number; open: number } {
  if (watermark === null) return { from: Number.MIN_SAFE_INTEGER, open: Number.MIN_SAFE_INTEGER };
  const first = beginOnTime(lateness, watermark) + 1;
  return {
    from: floorTo(first - hold, SEQUENCE_HOUR),
    open: floorTo(first - form.whole(call), SEQUENCE_MINUTE),
  };
}
