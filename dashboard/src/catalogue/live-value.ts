import type { ViewContents } from '#contracts/view/frame.ts';
import type { ViewInfo } from '#contracts/view/view.ts';

/** The newest figure of a metric, and those before it. */
export interface LiveValue {
  /** Of the newest window that is over, of the first output; null for none. */
  value: number | null;
  output: string;
  /** One figure a window, the oldest first; NaN for none. */
  line: number[];
  /** When the newest of the line ended, epoch ms. */
  at: number;
}

/** Windows of a small line: more are not seen apart. */
const MOST = 120;

/** Returns what a view without groups says; null before it says anything. */
export function liveValue(info: ViewInfo, contents: ViewContents): LiveValue | null {
  const { start, end, watermark, begins } = contents;
  const every = info.every ?? info.window;
  if (watermark === null || every <= 0) return null;
  const cells = contents.series.values().next().value?.cells;
  const closed = Math.floor((Math.min(end, watermark) - start) / every);
  const first = Math.max(0, closed - MOST);
  const line = Array.from({ length: Math.max(0, closed - first) }, (_, i) => {
    const at = start + (first + i) * every;
    // A window without a cell is empty from where history begins on, and unknown before.
    const empty = info.empty === 'zero' && begins !== null && at >= begins ? 0 : Number.NaN;
    return cells?.get(at)?.[0] ?? empty;
  });
  const newest = line.at(-1);
  return {
    value: newest === undefined || Number.isNaN(newest) ? null : newest,
    output: info.outputs[0] ?? '',
    line,
    at: start + closed * every,
  };
}
