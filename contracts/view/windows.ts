import type { CalendarUnit } from '../time/calendar.ts';
import type { Zone } from '../time/zone.ts';

/**
 * Windows of `size` ms, one every `every` ms, at starts with (start − origin) a multiple of `every`. Tumbling where both are
 * equal; hopping windows overlap where `size` is the larger, and leave gaps where it is not.
 */
export interface GridWindows {
  readonly kind: 'grid';
  readonly size: number;
  readonly every: number;
  readonly origin: number;
}

/** Windows without gaps, as ascending bounds in epoch ms: window i is [bounds[i], bounds[i + 1]). */
export interface ListWindows {
  readonly kind: 'list';
  readonly bounds: readonly number[];
}

/** Periods of a calendar. */
export interface CalendarWindows {
  readonly kind: 'calendar';
  readonly unit: CalendarUnit;
  readonly zone: Zone;
}

/** The windows of a view. */
export type Windows = GridWindows | ListWindows | CalendarWindows;

/** The windows that a read of the Store merges panes into: a calendar's are listed. */
export type StoreWindows = GridWindows | ListWindows;
