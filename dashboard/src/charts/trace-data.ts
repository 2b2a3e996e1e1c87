import type { FrameView, ViewContents } from '#contracts/frame.ts';
import type { ViewInfo } from '#contracts/view.ts';
import { type BuiltTraces, buildTraces } from './build-traces.ts';
import type { Palette, TraceSet } from './trace.ts';

export interface TraceData extends TraceSet {
  /** Takes everything anew: snapshot, resume, end of a pause. */
  load(info: ViewInfo, contents: ViewContents): void;
  /** Takes what one frame changed. */
  update(info: ViewInfo, contents: ViewContents, change: FrameView): void;
}

/** Folds view contents into typed rings. `palette` is null for figures that draw in ink. */
export function createTraceData(outputs: readonly string[], palette: Palette | null): TraceData {
  let built: BuiltTraces = { traces: [], find: () => undefined };
  const data: TraceData = {
    window: 0,
    traces: [],
    zero: false,
    shape: 0,
    first: 0,
    closed: 0,
    end: 0,
    dirty: Number.POSITIVE_INFINITY,
    value(trace, index) {
      const value = trace.ring.get(index);
      return data.zero && Number.isNaN(value) && index >= data.first && index < data.closed ? 0 : value;
    },
    settle() {
      data.dirty = Number.POSITIVE_INFINITY;
    },
    load(info, contents) {
      built = buildTraces(info, contents, outputs, palette);
      Object.assign(data, { traces: built.traces, zero: info.empty === 'zero', window: info.window, end: 0 });
      for (const [series, { cells }] of contents.series)
        for (const start of [...cells.keys()].sort((a, b) => a - b))
          setCell(data, built, info, series, start, cells.get(start)!);
      setBounds(data, contents);
      data.dirty = data.first;
      data.shape++;
    },
    update(info, contents, change) {
      if (change.members || change.snapshot || info.window !== data.window) {
        data.load(info, contents);
        return;
      }
      const { closed } = data;
      for (let i = 0; i < change.at.length; i++) {
        const values = change.values.map((column) => column[i] ?? null);
        setCell(data, built, info, change.series[i]!, change.windows[change.at[i]!]!, values);
      }
      setBounds(data, contents);
      if (data.closed > closed) data.dirty = Math.min(data.dirty, closed);
    },
  };
  return data;
}

function setBounds(data: TraceData, contents: ViewContents): void {
  data.first = Math.floor(contents.start / data.window);
  data.closed = contents.watermark === null ? data.first : Math.floor(contents.watermark / data.window);
}

function setCell(
  data: TraceData,
  built: BuiltTraces,
  info: ViewInfo,
  series: number,
  start: number,
  values: readonly (number | null)[],
): void {
  const index = Math.floor(start / info.window);
  for (let output = 0; output < info.outputs.length; output++)
    built.find(series, output)?.ring.set(index, values[output] ?? Number.NaN);
  data.dirty = Math.min(data.dirty, index);
  data.end = Math.max(data.end, index + 1);
}
