import type { StoreWindows } from './windows.ts';

/** Returns the largest number of ms of which every window's start and end is a multiple, counted from the epoch; 0 where there are no windows, or all begin at 0. */
export function alignOf(windows: StoreWindows): number {
  if (windows.kind === 'list') return windows.bounds.reduce(greatestDivisor, 0);
  return greatestDivisor(sharedBlock(windows), windows.origin);
}

/** Returns the longest blocks, counted from the origin, of which every window of a grid is made. */
export const sharedBlock = ({ size, every }: { size: number; every: number }): number =>
  greatestDivisor(size, every);

/** Euclid's algorithm. */
function greatestDivisor(a: number, b: number): number {
  let [x, y] = [Math.abs(a), Math.abs(b)];
  while (y > 0) [x, y] = [y, x % y];
  return x;
}
