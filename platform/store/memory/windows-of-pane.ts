import { floorTo } from '#contracts/metric/pane.ts';
import type { StoreWindows } from '#contracts/view/windows.ts';

/** Returns the starts of all windows that hold the start of a pane, in no order. */
export function windowsOfPane(windows: StoreWindows, pane: number): number[] {
  if (windows.kind === 'list') {
    const i = windows.bounds.findLastIndex((bound) => bound <= pane);
    return i < 0 || i === windows.bounds.length - 1 ? [] : [windows.bounds[i]!];
  }
  const { size, every, origin } = windows;
  const starts: number[] = [];
  for (let start = floorTo(pane - origin, every) + origin; start + size > pane; start -= every)
    starts.push(start);
  return starts;
}
