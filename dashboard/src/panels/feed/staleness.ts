/** A view is stale when its `asOf` has stood still for two beats, three seconds at least. */
const STALE_AFTER = 3_000;
/** A tab that was hidden may need a moment until its first messages are through. */
const GRACE = 10_000;

export interface Advance {
  asOf: number | null;
  /** Local time when `asOf` last advanced. */
  since: number;
}

/** Takes the newest `asOf` of a view. It never goes back by a message that comes late. */
export function advance(last: Advance, asOf: number | null, now: number): Advance {
  if (asOf === null || (last.asOf !== null && asOf <= last.asOf)) return last;
  return { asOf, since: now };
}

/** All times local, ms; `beat` is the distance of beats, `resumedAt` when the tab was shown again, 0 for never. */
export function isStale(last: Advance, now: number, resumedAt: number, beat = 1_000): boolean {
  if (last.asOf === null) return false;
  if (now - resumedAt < GRACE) return false;
  return now - last.since >= Math.max(2 * beat, STALE_AFTER);
}
