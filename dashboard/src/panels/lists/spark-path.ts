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
