/** Values that add over windows in at most `most` longer windows, counted from the newest; what is left over at the oldest end is dropped. */
export function mergeWindows(values: readonly number[], most: number): number[] {
  const size = Math.max(1, Math.ceil(values.length / most));
  const merged: number[] = [];
  for (let end = values.length; end >= size; end -= size)
    merged.unshift(values.slice(end - size, end).reduce((a, b) => a + b, 0));
  return merged;
}
