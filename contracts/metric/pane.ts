import { DAY, HOUR, MINUTE, SECOND } from '../text/duration.ts';
import type { AggregateCall } from './aggregate-call.ts';
import type { SequenceForm } from './sequence.ts';

/** Pane and window arithmetic. All times are epoch milliseconds; a pane or window is [start, start + size). */

/** How long a sample of a gauge holds where the definition does not say; and for how many panes at most, all of which it changes. */
export const GAUGE_HOLD = 5 * MINUTE;
export const PANES_HELD = 100;

/** The smallest pane that an aggregate may have: whole seconds. */
export function leastPane({ name, spans: [hold = GAUGE_HOLD] = [] }: AggregateCall): number {
  return name === 'time_weighted' ? Math.ceil(hold / (PANES_HELD * SECOND)) * SECOND : SECOND;
}

const ROUND = [1, 2, 5, 10, 15, 30].flatMap((n) => [n * SECOND, n * MINUTE]);
const SIZES = [...ROUND, HOUR, DAY].sort((a, b) => a - b);

/**
 * The default pane of a tumbling window: 1 s up to 1 min, 10 s up to 10 min, else 1 min; never one that does not divide the window. Where
 * these are below `least`, a round one that is not; the window itself where it has none.
 */
export function defaultPane(window: number, least = SECOND): number {
  const wanted = window <= MINUTE ? SECOND : window <= 10 * MINUTE ? 10 * SECOND : MINUTE;
  const pane = window % wanted === 0 ? wanted : SECOND;
  return pane >= least ? pane : (SIZES.find((size) => size >= least && window % size === 0) ?? window);
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

/** How far ahead of an event panes may change by it, ms: as long as it holds. */
export const aheadOf = ({
  metric,
  aggregate: { ahead, sequence },
}: {
  metric: { aggregate: AggregateCall };
  aggregate: { ahead?: true; sequence?: Pick<SequenceForm, 'hold'> };
}): number => (ahead === true ? (sequence?.hold(metric.aggregate) ?? 0) : 0);

/** Final iff no event that is not late can still change the pane: without sequences the same predicate, at the pane's end. `settling`: as `settlingOf`. */
export const isFinal = (start: number, size: number, settling: number, watermark: number | null): boolean =>
  isLate(start + size, settling, watermark);
