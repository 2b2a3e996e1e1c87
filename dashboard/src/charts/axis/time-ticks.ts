import { DAY, HOUR, MINUTE, SECOND } from '#contracts/text/duration.ts';

const STEPS = [
  SECOND,
  5 * SECOND,
  10 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
];
/** Beyond days: so many months, the first of them January; and about how long they are, ms. */
const MONTHS = [1, 2, 3, 6, 12, 24, 60, 120].map((months) => ({
  months,
  about: (months * 365.2425 * DAY) / 12,
}));

export interface TimeTicks {
  /** Distance between labelled ticks, ms. */
  step: number;
  major: number[];
  minor: number[];
}

/** Round clock times in [from, to] in the zone whose distance from UTC is `zoneAt`, ms: at most one label per `labelPx`, at most one small tick per 6 px, a minute at least on short ranges. */
export function buildTimeTicks(
  from: number,
  to: number,
  width: number,
  zoneAt: (time: number) => number = () => 0,
  labelPx = 80,
): TimeTicks {
  const perPx = (to - from) / Math.max(1, width);
  const step = STEPS.find((s) => s / perPx >= labelPx);
  if (step === undefined) return monthTicks(from, to, { perPx, zoneAt, labelPx });
  const small = STEPS.find((s) => s / perPx >= 6 && s >= smallest(to - from) && step % s === 0) ?? step;
  return { step, major: every(step, from, to, zoneAt), minor: every(small, from, to, zoneAt) };
}

/** Labels at the beginning of months, small ticks of months where they have room. */
function monthTicks(
  from: number,
  to: number,
  { perPx, zoneAt, labelPx }: { perPx: number; zoneAt: (time: number) => number; labelPx: number },
): TimeTicks {
  const { months, about } = MONTHS.find((one) => one.about / perPx >= labelPx) ?? MONTHS.at(-1)!;
  const small = MONTHS.find((one) => one.about / perPx >= 6 && months % one.months === 0)?.months ?? months;
  const starts = (every: number): number[] => {
    const first = new Date(from + zoneAt(from));
    const month = first.getUTCFullYear() * 12 + first.getUTCMonth();
    const out: number[] = [];
    for (let n = Math.floor(month / every) * every; ; n += every) {
      const local = Date.UTC(Math.floor(n / 12), n % 12, 1);
      const [t = local] = instantsOf(local, DAY, zoneAt);
      if (t > to) return out;
      if (t >= from) out.push(t);
    }
  };
  return { step: about, major: starts(months), minor: starts(small) };
}

const smallest = (range: number): number => (range <= 5 * MINUTE ? 10 * SECOND : MINUTE);

/** Round in local time, also where the clocks change on the way. */
function every(step: number, from: number, to: number, zoneAt: (time: number) => number): number[] {
  const out: number[] = [];
  const last = Math.ceil((to + zoneAt(to)) / step) + 1;
  for (let n = Math.floor((from + zoneAt(from)) / step) - 1; n <= last; n++) {
    for (const t of instantsOf(n * step, step, zoneAt)) if (t >= from && t <= to) out.push(t);
  }
  // Where clocks are set back, a local time comes twice: each of them before the next one's first.
  return out.sort((a, b) => a - b);
}

/**
 * When clocks show a local time: twice where they are set back over it, and never where they skip it. A day is labelled at
 * its first moment, and once, whatever the clocks do at its midnight; so are hours that are further apart than the clocks move.
 */
function instantsOf(local: number, step: number, zoneAt: (time: number) => number): number[] {
  // Clocks change at most once within a day of any time.
  const [before, after] = [zoneAt(local - DAY - zoneAt(local)), zoneAt(local + DAY - zoneAt(local))];
  const [early, late] = [local - before, local - after].sort((a, b) => a - b) as [number, number];
  const shown = [...new Set([early, late])].filter((t) => t + zoneAt(t) === local);
  if (shown.length === 0) return step >= DAY ? [local - before] : [];
  return shown.length === 2 && step > late - early ? [early] : shown;
}
