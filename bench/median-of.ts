/** The middle one; of an even number the upper of the two. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Rounds to `digits` decimal places. */
export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** The middle and the highest but a twentieth, by nearest rank, in whole ms; NaN of none. */
export function spreadOf(values: readonly number[]): { p50: number; p95: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    Math.round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN);
  return { p50: at(0.5), p95: at(0.95) };
}
