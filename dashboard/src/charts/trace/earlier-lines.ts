import type { FrameView, ViewContents } from '#contracts/view/frame.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import type { EarlierLabel } from '../../range/compare-label.ts';
import { type BuiltTraces, buildTraces, NO_TRACES } from './build-traces.ts';
import { createRing, type Ring } from './ring.ts';
import { type EarlierLine, isKnown, type TraceSet } from './trace.ts';
import { timesOfView, windowsOf } from './view-times.ts';
import { NO_TIMES, type WindowTimes } from './window-times.ts';

/** What the earlier range of a view comes to beside the traces of its own range. */
export interface EarlierLines {
  /** One line a trace; of a stack one, since only its sum can be compared by eye. */
  readonly lines: readonly EarlierLine[];
  /** Loads everything again. */
  load(info: ViewInfo, contents: ViewContents): void;
  /** Applies what one frame changed; returns the lowest window that it concerns, Infinity for none. */
  update(info: ViewInfo, contents: ViewContents, change: FrameView): number;
  /** Gives the traces that are drawn now their lines. */
  show(): void;
}

/** `outputs` are those that the panel shows, empty for all. */
export function createEarlierLines(
  data: TraceSet,
  { label, short }: EarlierLabel,
  outputs: readonly string[],
): EarlierLines {
  let built: BuiltTraces = NO_TRACES;
  let times: WindowTimes = NO_TIMES;
  let begins: number | null = null;
  /** Added to the number of an earlier window it gives that of the one that is compared with it. */
  let shift = 0;
  /** Says which windows the numbers are of. */
  let held = '';
  let lines: EarlierLine[] = [];
  /** Lines that are sums, and what they are sums of. */
  let sums: { ring: Ring; of: Ring[] }[] = [];

  const keyOf = (info: ViewInfo, { start, compare }: ViewContents): string => {
    if (compare === null) return '';
    const offset = data.times.indexOf(start) - timesOfView(info, compare).indexOf(compare.start);
    return `${windowsOf(info, compare)} ${offset}`;
  };

  function setCell(series: number, start: number, values: readonly (number | null)[] | undefined): number {
    const index = times.indexOf(start) + shift;
    built.bySeries.get(series)?.forEach((trace, output) => {
      trace?.ring.set(index, values?.[output] ?? Number.NaN);
    });
    return index;
  }

  function sumUp(index: number): void {
    for (const { ring, of } of sums) {
      let sum = Number.NaN;
      for (const part of of) {
        const value = part.get(index);
        if (!Number.isNaN(value)) sum = (Number.isNaN(sum) ? 0 : sum) + value;
      }
      ring.set(index, sum);
    }
  }

  function value(ring: Ring, index: number): number {
    const own = ring.get(index);
    if (!Number.isNaN(own)) return own;
    const isZero = data.zero && index >= data.first && index < data.closed;
    return isZero && isKnown({ begins, times }, index - shift) ? 0 : own;
  }

  const lineOf = (of: string, slot: EarlierLine['slot'], ring: Ring): EarlierLine => ({
    ...{ name: of + label, short: of + short, slot },
    value: (index) => value(ring, index),
  });

  function sumOf(of: Ring[]): Ring {
    const ring = createRing(Math.max(1, built.capacity));
    sums.push({ ring, of });
    return ring;
  }

  function show(): void {
    [lines, sums] = [[], []];
    if (built === NO_TRACES || data.traces.length === 0) return;
    const rings = new Map(built.all.map(({ key, ring }) => [key, ring]));
    if (data.stacked) lines = [lineOf('', null, sumOf([...rings.values()]))];
    else {
      const own = new Set(data.traces.map(({ key }) => key));
      const left = built.all.filter(({ key }) => !own.has(key)).map(({ ring }) => ring);
      const isAlone = data.traces.length === 1;
      lines = data.traces.map(({ key, name, slot, sums: isSum }) => {
        const ring = rings.get(key) ?? (isSum ? sumOf(left) : createRing(1));
        return isAlone ? lineOf('', null, ring) : lineOf(`${name}, `, slot, ring);
      });
    }
    for (let i = data.first; i < data.first + built.capacity; i++) sumUp(i);
  }

  return {
    get lines() {
      return lines;
    },
    show,
    load(info, contents) {
      const { compare } = contents;
      held = keyOf(info, contents);
      built = compare === null ? NO_TRACES : buildTraces(info, compare, outputs, NO_TRACES);
      if (compare !== null) {
        times = timesOfView(info, compare);
        begins = compare.begins;
        shift = data.times.indexOf(contents.start) - times.indexOf(compare.start);
        for (const [series, { cells }] of compare.series)
          for (const [start, values] of [...cells].sort(([a], [b]) => a - b)) setCell(series, start, values);
      }
      show();
    },
    update(info, contents, change) {
      const { compare } = contents;
      const frame = change.compare;
      if (compare === null || frame === undefined) return Number.POSITIVE_INFINITY;
      if (frame.snapshot || frame.members || keyOf(info, contents) !== held) {
        this.load(info, contents);
        return data.first;
      }
      begins = compare.begins;
      let lowest = Number.POSITIVE_INFINITY;
      for (let i = 0; i < frame.at.length; i++) {
        const start = frame.windows[frame.at[i]!]!;
        const series = frame.series[i]!;
        const index = setCell(series, start, compare.series.get(series)?.cells.get(start));
        sumUp(index);
        lowest = Math.min(lowest, index);
      }
      return lowest;
    },
  };
}
