import type { RollUpMark } from '#contracts/log/rows.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import type { Tier } from '#contracts/metric/tier.ts';
import { DAY } from '#contracts/text/duration.ts';

/** Coarse panes to be made, as `Store.rollUp` takes them. */
export interface RollUp {
  metric: Metric;
  version: number;
  parts: string[];
  tier: Tier;
  source: Tier['name'] | 'pane';
  from: number;
  to: number;
}

/** How the rows of a range lie, as `Store.readPaneSpan` answers it. */
export interface RowSpan {
  first: number;
  last: number;
  whole: boolean;
}

/** What rolling up needs of the Store, one after the other: how rows lie is answered, the rest is done. */
export type RollUpStep =
  | {
      step: 'span';
      metric: string;
      version: number;
      from: number;
      to: number;
      tier: Tier['name'] | 'pane';
      rows: number;
    }
  | { step: 'roll-up'; rollUps: RollUp[] }
  | { step: 'mark'; marks: RollUpMark[] };

export type RollUpSteps<T> = Generator<RollUpStep, T, RowSpan | null>;

/** Rows that are merged at a time, unless one coarse pane has more: a second's work or less. */
export const CHUNK_ROWS = 200_000;
/** ms that are rolled up at a time, however few rows they hold: each partition of the Store that is written costs files. */
const LONGEST = 366 * DAY;

/** The chunk that begins where the rows do: whole coarse panes of `size` up to `to`, at least one, as many as rows were counted of. */
export function chunkOf(
  { first, last, whole }: RowSpan,
  size: number,
  to: number,
): { from: number; to: number } {
  const from = floorTo(first, size);
  // The last pane that was counted may go on behind it.
  const end = whole ? to : Math.max(from + size, floorTo(last, size));
  return { from, to: Math.min(to, end, floorTo(from + LONGEST, size)) };
}
