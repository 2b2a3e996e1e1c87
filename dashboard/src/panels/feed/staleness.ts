import type { Heartbeat } from '#client/types.ts';

/** A view is stale when its `asOf` has stood still for two heartbeats, three seconds at least. */
const STALE_AFTER = 3_000;
/** A tab that was hidden may need a moment until its first messages are through. */
const GRACE = 10_000;

export interface Advance {
  asOf: number | null;
  /** Local time when `asOf` last advanced. */
  since: number;
}

/** Returns the newest `asOf` of a view; a late message does not set it back. */
export function advance(last: Advance, asOf: number | null, now: number): Advance {
  if (asOf === null || (last.asOf !== null && asOf <= last.asOf)) return last;
  return { asOf, since: now };
}

/** All times local, ms; `heartbeat` is the distance of beats, `resumedAt` when the tab was shown again, 0 for never. */
export function isStale(last: Advance, now: number, resumedAt: number, heartbeat = 1_000): boolean {
  if (last.asOf === null) return false;
  if (now - resumedAt < GRACE) return false;
  return now - last.since >= Math.max(2 * heartbeat, STALE_AFTER);
}

/** The longest delay of counting while all is well, ms. */
export const BEHIND = 10_000;

/** Returns until when all events are counted, where that is a while ago: what is missing may still come. Else null. */
export function countedTo(heartbeat: Pick<Heartbeat, 'time' | 'status'> | null): number | null {
  const watermark = heartbeat?.status.watermark ?? null;
  return heartbeat !== null && watermark !== null && heartbeat.time - watermark > BEHIND ? watermark : null;
}
