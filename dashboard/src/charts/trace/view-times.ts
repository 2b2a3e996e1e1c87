import type { ViewContents } from '#contracts/view/frame.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import { evenTimes, listedTimes, type WindowTimes } from './window-times.ts';

type Info = Pick<ViewInfo, 'window' | 'every' | 'whole'>;
type Contents = Pick<ViewContents, 'bounds' | 'start' | 'end'>;

/** Returns when the windows of a view are: of a calendar, and of a whole range, as they are listed. */
export function timesOfView(info: Info, { bounds, start, end }: Contents): WindowTimes {
  if (bounds.length > 1) return listedTimes(bounds);
  if (info.whole && end > start) return listedTimes([start, end]);
  return evenTimes({ every: info.every ?? info.window, size: info.window, anchor: start });
}

/** Returns a text that changes where the same numbers would be other windows. */
export function windowsOf({ window, every = window, whole }: Info, { bounds, start, end }: Contents): string {
  const listed = bounds.length > 1 ? bounds.join() : whole ? `${start} ${end}` : start % every;
  return `${window} ${every} ${listed}`;
}
