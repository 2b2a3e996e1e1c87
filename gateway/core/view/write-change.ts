import { minKnown } from '#contracts/min-known.ts';
import type { FrameView } from '#contracts/view/frame.ts';
import type { Steps } from '../steps.ts';
import type { ViewWindow } from './view-window.ts';
import type { ValueSource } from './window-values.ts';

interface Head extends Pick<FrameView, 'version' | 'watermark' | 'asOf' | 'start' | 'end'> {
  id: string;
  source: Pick<ValueSource, 'aggregate' | 'metric'>;
}

/** Returns the part of a frame for a view in which nothing has changed. */
export function emptyChange({
  id: view,
  version,
  watermark,
  asOf,
  start,
  end,
  source: { aggregate, metric },
}: Head): FrameView {
  const values = aggregate.outputs(metric.aggregate).map(() => []);
  const names = aggregate.reduced?.names === undefined ? {} : { names: [] };
  const nothing = { windows: [], at: [], series: [], values, ...names, partial: [] };
  return { view, version, received: null, watermark, asOf, start, end, ...nothing };
}

/** Cells that are written in a step. */
const CELLS = 1_000;

/** Adds the cells of a window that changed since a cursor, in steps; their values must have been computed. */
export function* writeWindow(change: FrameView, window: ViewWindow, cursor: number): Steps {
  const index = change.windows.push(window.start) - 1;
  if (window.other !== null) change.partial.push(window.start);
  for (const [series, cell] of window.cells) {
    if (cell.mark <= cursor && window.entered <= cursor) continue;
    const at = change.at.push(index) - 1;
    change.series.push(series.series);
    change.names?.push(cell.names ?? []);
    for (const [i, value] of cell.values!.entries()) writeValue(change, value, { at, output: i });
    if (at % CELLS === 0) yield;
  }
  const { final } = window;
  if (final === null) return;
  for (let place = 0; place < final.count; place++) {
    if (final.markAt(place) <= cursor && window.entered <= cursor) continue;
    const at = change.at.push(index) - 1;
    change.series.push(final.seriesAt(place));
    change.names?.push(final.namesAt(place));
    for (let i = 0; i < change.values.length; i++)
      writeValue(change, final.valueAt(place, i), { at, output: i });
    if (at % CELLS === 0) yield;
  }
}

function writeValue(
  change: FrameView,
  value: number | null,
  { at, output }: { at: number; output: number },
): void {
  const isBeyond = value === Infinity || value === -Infinity;
  change.values[output]!.push(isBeyond ? null : value);
  if (!isBeyond) return;
  change.overflow ??= [];
  change.overflow.push(at);
}

const MAX_RECEIPTS = 256;

/** When the newest changes of a view were received, by cursor offset. Bounded: an old cursor finds only the newest. */
export class RecentReceipts {
  readonly #entries: { mark: number; received: number }[] = [];

  add(mark: number, received: number): void {
    const last = this.#entries.at(-1);
    if (last?.mark === mark) last.received = Math.min(last.received, received);
    else if (this.#entries.push({ mark, received }) > MAX_RECEIPTS) this.#entries.shift();
  }

  /** Returns the oldest receipt after a cursor, epoch ms; null where there is none. */
  oldestSince(cursor: number): number | null {
    let oldest: number | null = null;
    for (const { mark, received } of this.#entries) {
      if (mark > cursor) oldest = minKnown(oldest, received);
    }
    return oldest;
  }
}
