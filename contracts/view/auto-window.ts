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
  if (round !== undefined) return round;
  // Beyond the list, and for panes that divide nothing in it.
  for (let unit = LAST % pane === 0 ? LAST : pane; ; unit *= 10)
    for (const times of [1, 2, 5]) if (fits(unit * times)) return unit * times;
}
