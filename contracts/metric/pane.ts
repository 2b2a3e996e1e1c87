import { MINUTE, SECOND } from '../text/duration.ts';
import type { AggregateCall } from './aggregate-call.ts';
import type { SequenceForm } from './sequence.ts';

/** Pane and window arithmetic. All times are epoch milliseconds; a pane or window is [start, start + size). */

/** The default pane of a tumbling window: 1 s up to 1 min, 10 s up to 10 min, else 1 min; never one that does not divide the window. */
export function defaultPane(window: number): number {
  const wanted = window <= MINUTE ? SECOND : window <= 10 * MINUTE ? 10 * SECOND : MINUTE;
  return window % wanted === 0 ? wanted : SECOND;
}

/** Start of the slice of `size` that holds `time`. Windows are aligned to the epoch, in UTC. */
export const floorTo = (time: number, size: number): number => Math.floor(time / size) * size;

/** Late iff the watermark has reached the event's end of grace (rule 2). Before the first block it is null: nothing is late. */
export const isLate = (timestamp: number, lateness: number, watermark: number | null): boolean =>
  watermark !== null && timestamp + lateness <= watermark;

/**
 * Returns how long after its end a pane may still change, ms of the watermark: an event may come as late as the lateness allows, and
 * change panes as far before it as its sequence reaches. Everything that asks whether panes are final asks by it; whether an event is late
 * is a matter of the lateness alone.
 */
export const settlingOf = ({ metric, aggregate }: Settling): number =>
  metric.lateness + (aggregate.sequence?.reach(metric.aggregate) ?? 0);

interface Settling {
  metric: { lateness: number; aggregate: AggregateCall };
  aggregate: { sequence?: Pick<SequenceForm, 'reach'> };
}

/** Final iff no event that is not late can still change the pane: without sequences the same predicate, at the pane's end. `settling`: as `settlingOf`. */
export const isFinal = (start: number, size: number, settling: number, watermark: number | null): boolean =>
  isLate(start + size, settling, watermark);
