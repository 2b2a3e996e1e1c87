import { DAY, formatDuration, HOUR, MINUTE, parseDuration, SECOND } from '#contracts/text/duration.ts';

/** The time ranges of the range control; keys 1 to 9 choose them in this order. */
export const RANGES = [
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  3 * HOUR,
  12 * HOUR,
  DAY,
  7 * DAY,
  30 * DAY,
] as const;
export const DEFAULT_RANGE = 15 * MINUTE;

const WINDOWS = [1, 2, 5, 10, 15, 20, 30]
  .flatMap((n) => [n * SECOND, n * MINUTE])
  .concat([HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY])
  .sort((a, b) => a - b);

/** The window to ask for: the panel's own while it fits the range, else the next round multiple of it. `most` is how many windows the panel has room for. */
export function windowFor(own: number, range: number, most: number): number {
  if (range / own <= most) return own;
  return WINDOWS.find((w) => w % own === 0 && range / w <= most) ?? own * Math.ceil(range / own / most);
}

/** Reads a duration from the address or a definition; null for anything else, such as a period of a calendar. */
export function readDuration(text: unknown): number | null {
  const read = parseDuration(text, 'duration');
  return read.ok ? read.value : null;
}

export const durationText = formatDuration;
