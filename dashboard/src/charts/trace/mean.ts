/** The arithmetic mean; NaN of nothing. A sum that no double holds is avoided: the mean of finite values is finite. */
export function meanOf(values: readonly number[]): number {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  return Number.isFinite(mean) || n === 0 ? mean : values.reduce((sum, value) => sum + value / n, 0);
}
