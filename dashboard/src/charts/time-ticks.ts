const S = 1_000;
const M = 60_000;
const H = 3_600_000;
const D = 86_400_000;
const STEPS = [
  S,
  5 * S,
  10 * S,
  30 * S,
  M,
  2 * M,
  5 * M,
  10 * M,
  15 * M,
  30 * M,
  H,
  2 * H,
  3 * H,
  6 * H,
  12 * H,
  D,
  2 * D,
  7 * D,
];

export interface TimeTicks {
  /** Distance between labelled ticks, ms. */
  step: number;
  major: number[];
  minor: number[];
}

/** Round clock times in [from, to]: at most one label per `labelPx`, at most one small tick per 6 px, a minute at least on short ranges. */
export function buildTimeTicks(
  from: number,
  to: number,
  width: number,
  zoneOffset = 0,
  labelPx = 80,
): TimeTicks {
  const perPx = (to - from) / Math.max(1, width);
  const step = STEPS.find((s) => s / perPx >= labelPx) ?? STEPS.at(-1)!;
  const small = STEPS.find((s) => s / perPx >= 6 && s >= smallest(to - from) && step % s === 0) ?? step;
  return { step, major: every(step, from, to, zoneOffset), minor: every(small, from, to, zoneOffset) };
}

const smallest = (range: number): number => (range <= 5 * M ? 10 * S : M);

function every(step: number, from: number, to: number, zoneOffset: number): number[] {
  const out: number[] = [];
  for (let t = Math.ceil((from + zoneOffset) / step) * step - zoneOffset; t <= to; t += step) out.push(t);
  return out;
}
