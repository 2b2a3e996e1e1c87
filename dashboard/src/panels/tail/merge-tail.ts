import type { TailRow } from '#contracts/view/protocol.ts';

/** A row of the tail with when it came. */
export interface TailLine extends TailRow {
  line: number;
  /** Server time of arrival, ms. */
  arrived: number;
}

/**
 * Partitions come side by side, so rows are ordered by their own time; but only as far as arrivals can be out of step.
 * An event from the future must not stay on top for minutes, and a late one must not be invisible.
 */
const REACH = 3_000;

/** Newest first; at most `most` rows. */
export function mergeTail(
  shown: readonly TailLine[],
  incoming: readonly TailLine[],
  most: number,
): TailLine[] {
  return [...incoming, ...shown]
    .sort((a, b) => placeOf(b) - placeOf(a) || b.time - a.time || b.line - a.line)
    .slice(0, most);
}

const placeOf = ({ time, arrived }: TailLine): number => Math.min(arrived, Math.max(arrived - REACH, time));
