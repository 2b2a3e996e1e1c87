/** Values of any finite size: `min` < `max`, both finite, and two to four ticks between them, ascending. */
export interface Scale {
  min: number;
  max: number;
  ticks: number[];
}

/** Lines may leave zero out only when the data keeps well away from it. */
const FIT_ABOVE = 0.4;
/** A range narrower than this many neighbouring doubles is widened, since it has no room for ticks. */
const LEAST_DOUBLES = 8;
const LARGEST = Number.MAX_VALUE;
const MOST_STEPS = 2 ** 51;
/** Below this numbers are multiplied by 10^LIFT. */
const SMALL = 1e-260;
const LIFT = 60;
/** Data that lies on a tick but for the last bits of its arithmetic needs no further one; in shares of a step. */
const SLACK = 1e-9;
const MOST_TICKS = 4;
/** Parts of a step that the ends of a scale may lie on. */
const PARTS = 5;

/**
 * Around [low, high], with two to four ticks at round steps (1, 2, 5 × 10^n). The ends lie on a fifth of a step: a scale
 * that ended on ticks would leave up to half of the picture empty. What is infinite counts as the largest number.
 */
export function buildScale(low: number, high: number, fromZero: boolean): Scale {
  const [lo, hi] = widen(...choose(clamp(low), clamp(high), fromZero));
  // Half of each: the difference of two numbers may be larger than any number.
  const least = Math.floor(Math.log10(Math.max((hi / 2 - lo / 2) / 5, Number.MIN_VALUE)));
  for (let power = least; ; power++) {
    for (const digit of [1, 2, 5]) {
      const outer = ticksOf(lo, hi, { digit, power });
      if (outer === null || outer.length < 2) continue;
      const slack = (outer[1]! - outer[0]!) * SLACK;
      const [min, max] = endsOf(lo, hi, outer, { digit: 2 * digit, power: power - 1 });
      const ticks = outer.filter((tick) => tick >= min - slack && tick <= max + slack);
      if (ticks.length > MOST_TICKS) continue;
      const whole = ticks.length < 2 ? withNext(ticks, outer, lo, hi) : ticks;
      return { min: Math.min(min, whole[0]!), max: Math.max(max, whole.at(-1)!), ticks: whole };
    }
  }
}

/** The multiples of a part of a step nearest around the data; its own ends where doubles cannot represent such small parts. */
function endsOf(lo: number, hi: number, outer: readonly number[], part: Step): [min: number, max: number] {
  // Beyond the ticks nothing is asked for but what they themselves cannot hold.
  const [first, last] = [Math.min(outer[0]!, lo), Math.max(outer.at(-1)!, hi)];
  const parts = ticksOf(lo, hi, part, ((last - first) / (outer[1]! - outer[0]!)) * PARTS + 2);
  if (parts === null || parts.length < 2) return [lo, hi];
  const slack = (parts[1]! - parts[0]!) * SLACK;
  return [lo < parts[0]! - slack ? lo : parts[0]!, hi > parts.at(-1)! + slack ? hi : parts.at(-1)!];
}

/** One tick shows no distance: adds the nearer of its neighbours. */
function withNext(inside: readonly number[], outer: readonly number[], lo: number, hi: number): number[] {
  const [only] = inside;
  if (only === undefined) return [outer[0]!, outer[1]!];
  const at = outer.indexOf(only);
  const [below, above] = [outer[at - 1], outer[at + 1]];
  if (below === undefined || (above !== undefined && above - hi < lo - below)) return [only, above!];
  return [below, only];
}

/** Returns the position of a value on a scale, 0 at its lower end and 1 at its upper end. */
export function shareOf({ min, max }: Pick<Scale, 'min' | 'max'>, value: number): number {
  // A difference may be larger than any number, so large ones are quartered; of the smallest that would cost the last bit.
  const by = Math.max(Math.abs(min), Math.abs(max)) > LARGEST / 4 ? 0.25 : 1;
  return (value * by - min * by) / (max * by - min * by);
}

const clamp = (value: number): number => Math.max(-LARGEST, Math.min(LARGEST, value));

/** The range to show: with zero where it belongs to the picture, and never without an extent. */
function choose(low: number, high: number, fromZero: boolean): [number, number] {
  if (!(low <= high)) return [0, 1];
  const [lo, hi] =
    fromZero || (low >= 0 && low < high * FIT_ABOVE) ? [Math.min(0, low), Math.max(0, high)] : [low, high];
  if (lo !== hi) return [lo, hi];
  const room = Math.abs(lo) * 0.1;
  return lo === 0 ? [0, 1] : [clamp(lo - room), clamp(hi + room)];
}

/** Ticks need distances that doubles of this size have. */
function widen(lo: number, hi: number): [number, number] {
  const size = Math.max(Math.abs(lo), Math.abs(hi));
  const room = Math.max(size * Number.EPSILON, Number.MIN_VALUE) * LEAST_DOUBLES;
  if (hi / 2 - lo / 2 >= room / 2) return [lo, hi];
  // What is on one side of zero stays there: an axis that went on beyond it would have room for what never comes.
  if (lo >= 0 && lo < room / 2) return [0, room];
  if (hi <= 0 && -hi < room / 2) return [-room, 0];
  return [clamp(lo - room / 2), clamp(hi + room / 2)];
}

/** `digit` × 10^`power`. */
interface Step {
  digit: number;
  power: number;
}

/**
 * The multiples of a step from the one at or below `lo` to the one at or above `hi`; those that no double holds are left
 * out. Null where they would be more than `most`, or too close for doubles to tell apart. Each is read from its decimal
 * text, and so as near to the round number as a double can be.
 */
function ticksOf(lo: number, hi: number, { digit, power }: Step, most = MOST_TICKS + 2): number[] | null {
  const tick = (n: number, lifted = 0): number => Number(`${n * digit}e${power + lifted}`);
  // The smallest numbers have few digits: ticks are counted among larger ones, where a step is what it says.
  const lift = Math.max(Math.abs(lo), Math.abs(hi)) < SMALL ? LIFT : 0;
  const [low, high] = [lo * 10 ** lift, hi * 10 ** lift];
  const step = tick(1, lift);
  // Beyond this the whole numbers have gaps, too.
  if (Math.max(Math.abs(low), Math.abs(high)) / step > MOST_STEPS) return null;
  const slack = step * SLACK;
  let from = Math.round(low / step);
  while (tick(from, lift) > low + slack) from--;
  while (tick(from + 1, lift) <= low + slack) from++;
  const ticks: number[] = [];
  for (let n = from; ticks.length <= most; n++) {
    const value = tick(n);
    if (Number.isFinite(value)) {
      if (value <= (ticks.at(-1) ?? Number.NEGATIVE_INFINITY)) return null;
      ticks.push(value);
    }
    if (tick(n, lift) >= high - slack) return ticks.length <= most ? ticks : null;
  }
  return null;
}

/** How long a scale stays larger than needed. */
const SHRINK_AFTER = 60_000;

export interface ScaleKeeper {
  /** The scale to draw with at `now`; the same object as before while nothing changes. */
  fit(low: number, high: number, fromZero: boolean, now: number): Scale;
}

/** Grows at once, shrinks only when a smaller scale would have done for a minute: a steady axis can be read. */
export function createScaleKeeper(): ScaleKeeper {
  let shown: Scale | null = null;
  let roomySince: number | null = null;
  return {
    fit(low, high, fromZero, now) {
      const wanted = buildScale(low, high, fromZero);
      if (shown !== null && wanted.min === shown.min && wanted.max === shown.max) {
        roomySince = null;
        return shown;
      }
      const inside = shown !== null && low >= shown.min && high <= shown.max;
      if (!inside || shown === null) {
        roomySince = null;
        shown = wanted;
        return shown;
      }
      roomySince ??= now;
      if (now - roomySince >= SHRINK_AFTER) {
        roomySince = null;
        shown = wanted;
      }
      return shown;
    },
  };
}
