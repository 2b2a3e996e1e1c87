import { shareOf } from '../../charts/axis/scale.ts';

/** The path of a small line through values at even distances, its lowest at the foot; NaN breaks it. Empty without two neighbours. */
export function sparkPath(values: readonly number[], width: number, height: number): string {
  const known = values.filter((v) => !Number.isNaN(v));
  const scale = { min: Math.min(...known), max: Math.max(...known) };
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  let path = '';
  let pen = 'M';
  values.forEach((value, i) => {
    if (Number.isNaN(value)) {
      pen = 'M';
      return;
    }
    const y = scale.min === scale.max ? height / 2 : height - 1 - shareOf(scale, value) * (height - 2);
    path += `${pen}${(i * step).toFixed(1)} ${y.toFixed(1)}`;
    pen = 'L';
  });
  return path.includes('L') ? path : '';
}

/** Values that add over windows in at most `most` longer windows, counted from the newest; what is left over at the oldest end is dropped. */
export function mergeWindows(values: readonly number[], most: number): number[] {
  const size = Math.max(1, Math.ceil(values.length / most));
  const merged: number[] = [];
  for (let end = values.length; end >= size; end -= size)
    merged.unshift(values.slice(end - size, end).reduce((a, b) => a + b, 0));
  return merged;
}
