import type { ListWindows, Windows } from '#contracts/view/windows.ts';

/** A read of the Store that the range needs. */
export interface EarlierRead {
  windows: Windows;
  /** Starts of the first and the last window. */
  first: number;
  last: number;
  /** Panes below it are read. */
  to: number;
  /** It is of the last window, and takes the place of a read of that which has not ended. */
  isOpen: boolean;
}

/** Bounds of panes from one time to another. */
export const panesOf = (from: number, to: number, pane: number): number[] =>
  Array.from({ length: Math.floor((to - from) / pane) + 1 }, (_, i) => from + i * pane);

/** Returns a read of the windows between bounds, which shows the last window of the range. */
export function listRead(bounds: readonly number[]): EarlierRead {
  const windows: ListWindows = { kind: 'list', bounds };
  return { windows, first: bounds[0]!, last: bounds.at(-2) ?? bounds[0]!, to: bounds.at(-1)!, isOpen: true };
}
