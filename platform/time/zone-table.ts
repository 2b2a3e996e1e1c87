import { utcTime } from '#contracts/event/timestamp.ts';
import { DAY, MINUTE } from '#contracts/text/duration.ts';
import type { Zone } from '#contracts/time/zone.ts';
import { readerOfOffset } from '#contracts/time/zone-offset.ts';

/** Returns the zone of a name of the IANA database; null for any other name. */
export type ZoneOf = (name: string) => Zone | null;

/** Between these years changes are looked for; before and after them the nearest offset holds. */
const FIRST_YEAR = 1970;
const LAST_YEAR = 2050;
/** No zone changes its offset twice within it. */
const STEP = 14 * DAY;
/** Names of some 600 zones, some of them in several spellings. */
const MOST = 1_000;

/** Creates a reader of the time zones that the runtime knows. Each is read once, in about 10 ms. */
export function createZoneTable(): ZoneOf {
  const known = new Map<string, Zone>();
  return (name) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const zone = readZone(name);
    if (known.size >= MOST) known.clear();
    // Only names that exist are kept: there is no end of others.
    if (zone !== null) known.set(name, zone);
    return zone;
  };
}

function readZone(name: string): Zone | null {
  const offsetAt = readerOfOffset(name);
  if (offsetAt === null) return null;
  const changes: number[] = [];
  const from = utcTime(FIRST_YEAR, 1, 1, 0, 0, 0)!;
  const to = utcTime(LAST_YEAR, 1, 1, 0, 0, 0)!;
  const offsets = [offsetAt(from)];
  for (let at = from; at < to; at += STEP) {
    const next = offsetAt(at + STEP);
    if (next === offsets.at(-1)) continue;
    changes.push(findChange(offsetAt, at, at + STEP));
    offsets.push(next);
  }
  return { name, changes, offsets };
}

/** Returns the first minute with the offset that holds at `to`, of an interval in which it changes once. */
function findChange(offsetAt: (time: number) => number, from: number, to: number): number {
  const after = offsetAt(to);
  let [low, high] = [from / MINUTE, to / MINUTE];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * MINUTE) === after) high = middle;
    else low = middle;
  }
  return high * MINUTE;
}
