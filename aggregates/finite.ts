/**
 * The nearest finite number: an overflowing sum stays at the largest double, since Infinity cannot travel as
 * JSON; the undefined difference of two overflows is 0. Also turns -0 into 0.
 */
export function finite(value: number): number {
  if (Number.isFinite(value)) return value + 0;
  if (Number.isNaN(value)) return 0;
  return value > 0 ? Number.MAX_VALUE : -Number.MAX_VALUE;
}

/** The same over a Float64 expression of ClickHouse. */
export const finiteSql = (expression: string): string =>
  `ifNotFinite(least(greatest(${expression}, -1.7976931348623157e308), 1.7976931348623157e308), 0) + 0.`;
