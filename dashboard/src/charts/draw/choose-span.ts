import type { WindowTimes } from '../trace/window-times.ts';
import { type Geometry, timeOfX } from './geometry.ts';

/** A time that is chosen in a plot, epoch ms, and its place, CSS pixels. */
export interface ChosenSpan {
  from: number;
  to: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** Whether it lies in the right half, where its name has no room on its right. */
  flip: boolean;
}

/** Returns the whole windows between two places of a plot in any order, as far as they are in it. */
export function chooseSpan(
  g: Geometry,
  { indexAt, startOf }: WindowTimes,
  [a, b]: readonly [number, number],
): ChosenSpan {
  const { area } = g;
  const within = (x: number): number => Math.max(area.left, Math.min(area.right, x));
  const [left, right] = [within(Math.min(a, b)), within(Math.max(a, b))];
  const [oldest, newest] = [timeOfX(g, area.left), timeOfX(g, area.right)];
  const from = Math.max(oldest, startOf(indexAt(timeOfX(g, left))));
  const to = Math.min(newest, startOf(indexAt(timeOfX(g, right) - 1e-6) + 1));
  const xOf = (time: number): number =>
    within(area.left + ((time - oldest) / (newest - oldest)) * (area.right - area.left));
  const place = { left: xOf(from), right: xOf(to), top: area.top, bottom: area.bottom };
  return { from, to, ...place, flip: place.left > (area.left + area.right) / 2 };
}
