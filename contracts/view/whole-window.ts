import { autoWindow } from './auto-window.ts';
import { stepOf, type View, type ViewWindows } from './view.ts';

/** One value over a moving range moves in steps of about a hundredth of it. */
const WHOLE_STEPS = 100;

/** Returns the newest of overlapping windows that is as long as a range of a duration, ms. */
export function wholeWindow(ms: number, pane: number): ViewWindows {
  const every = autoWindow(ms, WHOLE_STEPS, pane);
  return { kind: 'grid', size: Math.ceil(ms / every) * every, every };
}

/** Returns one window over the range of a view. */
export function wholeOf(
  { windows, range }: Pick<View, 'windows' | 'range'>,
  pane: number,
): Pick<View, 'windows' | 'range'> {
  if (range.kind !== 'last') return { windows: { kind: 'whole' }, range };
  const last = windows.kind === 'grid' ? windows.size - windows.every : 0;
  const ms = Math.max(pane, Math.round(range.windows * stepOf(windows)) + last);
  return { windows: wholeWindow(ms, pane), range: { kind: 'last', windows: 1 } };
}
