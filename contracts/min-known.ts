/** The lesser of two numbers, null meaning that one is not known; null when neither is. */
export const minKnown = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b);

/** As `minKnown`, the greater of the two. */
export const maxKnown = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b);
