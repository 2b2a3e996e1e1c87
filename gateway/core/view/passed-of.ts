/** How far a view is. */
interface Moment {
  readonly asOf: number | null;
  readonly watermark: number | null;
  readonly cut: number;
  readonly source: { readonly size: number };
}

/** A rate over less would tell of single events, ms. */
const LEAST_PASSED = 1_000;

/**
 * How much of a window has passed, ms: all of it once it is closed, else up to `asOf`, which the contents are complete to. So it is
 * a function of the updates, as they are.
 */
export function passedOf({ asOf, watermark, cut, source: { size } }: Moment, start: number): number {
  const end = start + size;
  const now = asOf ?? watermark;
  if (now === null || end <= cut || (watermark !== null && end <= watermark)) return size;
  return Math.min(size, Math.max(now - start, LEAST_PASSED));
}
