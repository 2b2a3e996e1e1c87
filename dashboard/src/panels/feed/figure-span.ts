import type { ViewContents } from '#contracts/view/frame.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import { timesOfView } from '../../charts/trace/view-times.ts';

/** The time that the figures of a list are of, epoch ms: the sum of its windows, one closed window, or the open one. */
export interface FigureSpan {
  kind: 'sum' | 'closed' | 'open';
  from: number;
  to: number;
  /** End of the newest closed window. */
  closed: number;
}

export const isSameSpan = (a: FigureSpan, b: FigureSpan): boolean =>
  a.kind === b.kind && a.from === b.from && a.to === b.to && a.closed === b.closed;

/** Which time a list of groups shows at `now`: see `createGroupFigures`. */
export function spanOf(
  info: Pick<ViewInfo, 'adds' | 'window' | 'every' | 'whole'>,
  contents: ViewContents,
  now: number,
  range: number,
): FigureSpan {
  const times = timesOfView(info, contents);
  const current = times.indexAt(now);
  const to = Math.min(contents.end, times.startOf(current + 1));
  const newest = Math.min(times.indexAt(contents.watermark ?? contents.start), current);
  const closed = times.startOf(newest);
  // Windows that overlap hold the same events.
  const isSum = info.adds === 'windows' && (info.every ?? info.window) >= info.window;
  if (isSum)
    return { kind: 'sum', from: Math.max(contents.start, sumFrom(info, contents, to, range)), to, closed };
  if (closed <= contents.start || !hasBefore(contents, closed))
    return { kind: 'open', from: times.beginOf(times.indexAt(to - 1)), to, closed };
  return { kind: 'closed', from: times.beginOf(newest - 1), to: closed, closed };
}

/** Whole windows of one length; of a calendar all that the view has. */
function sumFrom(
  { window }: Pick<ViewInfo, 'window'>,
  { bounds, start }: ViewContents,
  to: number,
  range: number,
): number {
  return bounds.length > 0 ? start : to - Math.ceil(range / window) * window;
}

/** Whether any window that ends by then holds a value. Mostly the first cell looked at is one. */
function hasBefore(contents: ViewContents, end: number): boolean {
  for (const { cells } of contents.series.values())
    for (const start of cells.keys()) if (start < end) return true;
  return false;
}
