/** A time zone as a table: what `core/` and the Store compute with, so that neither needs a time zone library. */
export interface Zone {
  /** As in the IANA database: "Europe/Berlin". */
  readonly name: string;
  /** When the offset changes, epoch ms, ascending. */
  readonly changes: readonly number[];
  /** Offsets from UTC in ms: the first before all changes, then one for each change. */
  readonly offsets: readonly number[];
}

export const UTC: Zone = { name: 'UTC', changes: [], offsets: [0] };

/** Returns the number of changes at or before a time: the index of its offset. */
export function segmentAt({ changes }: Zone, time: number): number {
  let [low, high] = [0, changes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (changes[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns the offset from UTC at a time, ms. */
export const offsetAt = (zone: Zone, time: number): number => zone.offsets[segmentAt(zone, time)]!;

/** Returns the local time of an instant, in ms as if the zone were UTC. */
export const localTime = (zone: Zone, time: number): number => time + offsetAt(zone, time);

/**
 * Returns the first instant at which the local time is `local` or later: where clocks skip that time it is the moment of
 * the change, and where they show it twice the earlier one.
 */
export function instantOf(zone: Zone, local: number): number {
  const { changes, offsets } = zone;
  for (let i = 0; i < changes.length; i++) {
    if (changes[i]! + offsets[i]! > local) return Math.max(changes[i - 1] ?? -Infinity, local - offsets[i]!);
  }
  return Math.max(changes.at(-1) ?? -Infinity, local - offsets.at(-1)!);
}
