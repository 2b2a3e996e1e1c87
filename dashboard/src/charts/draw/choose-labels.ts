/** What of a label decides whether it is shown. */
export interface Ranked {
  /** Where its joint starts; NaN where the trace has no value now. */
  at: number;
  /** Its own value: what ranks it. */
  value: number;
}

/** More names than this are not read, even where there is room: eight, and their "others". */
const MOST = 9;

/**
 * The labels that find room, in their own order, and how many traces are left without one. Where not all fit, the
 * largest values stay and one place is kept for saying how many more there are.
 */
export function chooseLabels<L extends Ranked>(
  labels: readonly L[],
  room: number,
): { shown: L[]; more: number } {
  const known = labels.filter((label) => !Number.isNaN(label.at));
  const most = Math.max(1, Math.min(MOST, room));
  if (known.length <= most) return { shown: known, more: 0 };
  const keep = Math.max(1, room > MOST ? MOST : most - 1);
  const sizeOf = ({ value }: L): number => Math.abs(value) || 0;
  const largest = new Set([...known].sort((a, b) => sizeOf(b) - sizeOf(a)).slice(0, keep));
  return { shown: known.filter((label) => largest.has(label)), more: known.length - keep };
}
