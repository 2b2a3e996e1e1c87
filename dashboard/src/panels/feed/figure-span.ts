import type { ViewContents } from '#contracts/view/frame.ts';
import type { ViewInfo } from '#contracts/view/view.ts';

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
  { adds, window }: Pick<ViewInfo, 'adds' | 'window'>,
  contents: ViewContents,
  now: number,
  range: number,
): FigureSpan {
  const current = Math.floor(now / window) * window;
  const to = Math.min(contents.end, current + window);
  const closed = Math.min(Math.floor((contents.watermark ?? contents.start) / window) * window, current);
  if (adds === 'windows')
    return {
      kind: 'sum',
      from: Math.max(contents.start, to - Math.ceil(range / window) * window),
      to,
      closed,
    };
  if (closed <= contents.start || !hasBefore(contents, closed))
    return { kind: 'open', from: to - window, to, closed };
  return { kind: 'closed', from: closed - window, to: closed, closed };
}

/** Whether any window that ends by then holds a value. Mostly the first cell looked at is one. */
function hasBefore(contents: ViewContents, end: number): boolean {
  for (const { cells } of contents.series.values())
    for (const start of cells.keys()) if (start < end) return true;
  return false;
}
