import { DAY, HOUR, MINUTE, SECOND } from '../text/duration.ts';

/** Lengths that people read as round, ms, ascending. */
const ROUND = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 4, 6, 8, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 28].map((n) => n * DAY),
];
const LAST = ROUND.at(-1)!;

/** Returns the smallest round length that is a multiple of the pane and divides `range` ms into at most `points` windows. */
export function autoWindow(range: number, points: number, pane: number): number {
  const fits = (size: number) => size % pane === 0 && Math.ceil(range / size) <= points;
  const round = ROUND.find(fits);
  const own = multipleOf(pane, fits);
  // A pane of 7 s divides nothing that is round below a week.
  if (round !== undefined && round <= MUCH * own) return round;
  return round === undefined && LAST % pane === 0 ? multipleOf(LAST, fits) : own;
}

/** Beyond this many times the length that would do, a round one is no good answer. */
const MUCH = 5;

function multipleOf(unit: number, fits: (size: number) => boolean): number {
  for (let ten = unit; ; ten *= 10) for (const times of [1, 2, 5]) if (fits(ten * times)) return ten * times;
}
