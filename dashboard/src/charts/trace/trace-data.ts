import type { FrameView, ViewContents } from '#contracts/view/frame.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import type { EarlierLabel } from '../../range/compare-label.ts';
import { type BuiltTraces, buildTraces, capacityOf, NO_TRACES } from './build-traces.ts';
import { type ChartTraces, createDrawnTraces } from './drawn-traces.ts';
import { createEarlierLines } from './earlier-lines.ts';
import { isKnown, type TraceSet } from './trace.ts';
import { timesOfView, windowsOf } from './view-times.ts';
import { NO_TIMES } from './window-times.ts';

export interface TraceData extends TraceSet {
  /** Loads everything again: snapshot, resume, end of a pause. */
  load(info: ViewInfo, contents: ViewContents): void;
  /** Applies what one frame changed. */
  update(info: ViewInfo, contents: ViewContents, change: FrameView): void;
}

/**
 * Folds view contents into typed rings. `chart` is null for figures, which draw in ink. `earlierLabel` names the range that a view is
 * compared with.
 */
export function createTraceData(
  outputs: readonly string[],
  chart: ChartTraces | null,
  earlierLabel: EarlierLabel = { label: 'earlier', short: 'earlier' },
): TraceData {
  let built: BuiltTraces = NO_TRACES;
  const drawn = createDrawnTraces(chart);
  /** Says which windows the numbers are of. */
  let shown = '';
  const data: TraceData = {
    times: NO_TIMES,
    begins: null,
    traces: [],
    zero: false,
    stacked: false,
    hidden: 0,
    earlier: [],
    ranked: null,
    shape: 0,
    first: 0,
    closed: 0,
    end: 0,
    dirty: Number.POSITIVE_INFINITY,
    value(trace, index) {
      const value = trace.ring.get(index);
      if (!Number.isNaN(value)) return Number.isFinite(value) ? value : Number.NaN;
      return data.zero && index >= data.first && index < data.closed && isKnown(data, index) ? 0 : value;
    },
    markDrawn() {
      data.dirty = Number.POSITIVE_INFINITY;
    },
    load(info, contents) {
      shown = windowsOf(info, contents);
      built = buildTraces(info, contents, outputs, NO_TRACES);
      Object.assign(data, { zero: info.empty === 'zero', times: timesOfView(info, contents), end: 0 });
      for (const series of contents.series.keys()) fill(data, built, contents, series);
      setBounds(data, contents);
      drawn.rank(built, data, info);
      drawn.show(built, data, info);
      earlier.load(info, contents);
      data.earlier = earlier.lines;
      data.dirty = data.first;
      data.shape++;
    },
    update(info, contents, change) {
      const isAnother = windowsOf(info, contents) !== shown || capacityOf(info, contents) !== built.capacity;
      if (change.snapshot || isAnother) {
        data.load(info, contents);
        return;
      }
      const { closed, begins } = data;
      if (change.members) built = join(data, built, info, contents, outputs);
      for (let i = 0; i < change.at.length; i++) {
        const start = change.windows[change.at[i]!]!;
        const series = change.series[i]!;
        setCell(data, built, { series, start }, contents.series.get(series)?.cells.get(start));
      }
      setBounds(data, contents);
      if (data.closed > closed) data.dirty = Math.min(data.dirty, closed);
      if (data.begins !== begins) data.dirty = data.first;
      const moved = drawn.rankWhenDue(built, data, info);
      if (moved || change.members) drawn.show(built, data, info);
      else for (const start of change.windows) drawn.sum(data.times.indexOf(start));
      data.dirty = Math.min(data.dirty, earlier.update(info, contents, change));
      if (moved || change.members) earlier.show();
      data.earlier = earlier.lines;
    },
  };
  const earlier = createEarlierLines(data, earlierLabel, outputs);
  return data;
}

/** Applies another list of series; known ones keep their values, since every new group brings a list. */
function join(
  data: TraceData,
  before: BuiltTraces,
  info: ViewInfo,
  contents: ViewContents,
  outputs: readonly string[],
): BuiltTraces {
  const known = new Set(before.all.map((trace) => trace.key));
  const built = buildTraces(info, contents, outputs, before);
  for (const [series, traces] of built.bySeries)
    if (traces.some((trace) => trace !== undefined && !known.has(trace.key)))
      fill(data, built, contents, series);
  return built;
}

function fill(data: TraceData, built: BuiltTraces, contents: ViewContents, series: number): void {
  for (const [start, values] of contents.series.get(series)?.cells ?? [])
    setCell(data, built, { series, start }, values);
}

/** In place of a value that no double holds: not what an empty window means, and not drawn. */
const BEYOND = Number.POSITIVE_INFINITY;

function setCell(
  data: TraceData,
  built: BuiltTraces,
  { series, start }: { series: number; start: number },
  values: readonly (number | null)[] | undefined,
): void {
  const index = data.times.indexOf(start);
  built.bySeries.get(series)?.forEach((trace, output) => {
    trace?.ring.set(index, values === undefined ? Number.NaN : (values[output] ?? BEYOND));
  });
  data.dirty = Math.min(data.dirty, index);
  data.end = Math.max(data.end, index + 1);
}

function setBounds(data: TraceData, contents: ViewContents): void {
  data.first = data.times.indexOf(contents.start);
  data.closed = contents.watermark === null ? data.first : data.times.indexAt(contents.watermark);
  data.begins = contents.begins;
  data.ranked = contents.groups;
}
