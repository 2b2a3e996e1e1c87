import { formatDuration, parseDuration } from '#contracts/text/duration.ts';

const M = 60_000;
const H = 60 * M;
const D = 24 * H;

/** The time ranges of the range control; keys 1 to 9 choose them in this order. */
export const RANGES = [M, 5 * M, 15 * M, H, 3 * H, 12 * H, D, 7 * D, 30 * D] as const;
export const DEFAULT_RANGE = 15 * M;

const WINDOWS = [1, 2, 5, 10, 15, 20, 30]
  .flatMap((n) => [n * 1_000, n * M])
  .concat([H, 2 * H, 3 * H, 6 * H, 12 * H, D])
  .sort((a, b) => a - b);

/** The window to ask for: the panel's own while it fits the range, else the next round multiple of it. `most` is how many windows the panel has room for. */
export function windowFor(own: number, range: number, most: number): number {
  if (range / own <= most) return own;
  return WINDOWS.find((w) => w % own === 0 && range / w <= most) ?? own * Math.ceil(range / own / most);
}

/** Reads a duration from the address or a definition; null when there is none or it cannot be read. */
export function readDuration(text: string | null | undefined): number | null {
  const read = parseDuration(text, 'duration');
  return read.ok ? read.value : null;
}

export const durationText = formatDuration;
