export interface Scale {
  min: number;
  max: number;
  ticks: number[];
}

/** Lines may leave zero out only when the data keeps well away from it. */
const FIT_ABOVE = 0.4;

/** Two to four ticks with round steps (1, 2, 5 × 10^n) around [low, high]. */
export function buildScale(low: number, high: number, fromZero: boolean): Scale {
  let lo = low;
  let hi = high;
  if (!(lo <= hi)) [lo, hi] = [0, 1];
  if (fromZero || (lo >= 0 && lo < hi * FIT_ABOVE)) [lo, hi] = [Math.min(0, lo), Math.max(0, hi)];
  if (lo === hi) {
    const room = lo === 0 ? 1 : Math.abs(lo) * 0.1;
    [lo, hi] = lo === 0 ? [0, 1] : [lo - room, hi + room];
  }
  const step = roundStep(lo, hi);
  const from = Math.floor(lo / step + 1e-9);
  const to = Math.ceil(hi / step - 1e-9);
  const ticks = Array.from({ length: to - from + 1 }, (_, i) => Number(((from + i) * step).toPrecision(12)));
  return { min: ticks[0]!, max: ticks.at(-1)!, ticks };
}

function roundStep(lo: number, hi: number): number {
  let power = 10 ** Math.floor(Math.log10((hi - lo) / 10));
  for (;;) {
    for (const digit of [1, 2, 5]) {
      const step = digit * power;
      if (Math.ceil(hi / step - 1e-9) - Math.floor(lo / step + 1e-9) <= 3) return step;
    }
    power *= 10;
  }
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
