import type { FrameView, ViewContents } from '#contracts/frame.ts';
import type { ViewInfo } from '#contracts/view.ts';
import type { ColorSlots } from './color-slots.ts';
import { createRing } from './ring.ts';
import type { Trace, TraceSet } from './trace.ts';
import { nameOf } from './trace-name.ts';

export interface TraceData extends TraceSet {
  /** Takes everything anew: snapshot, resume, end of a pause. */
  load(info: ViewInfo, contents: ViewContents): void;
  /** Takes what one frame changed. */
  update(info: ViewInfo, contents: ViewContents, change: FrameView): void;
}

/** Windows kept beyond the range, so that a line may enter from the left. */
const SPARE = 4;

/** Folds view contents into typed rings. `slots` is null for figures that draw in ink. */
export function createTraceData(outputs: readonly string[], slots: ColorSlots | null): TraceData {
  let byCell = new Map<string, Trace>();

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
      setTraces(info, contents);
      for (const trace of data.traces) trace.ring.clear();
      data.end = 0;
      for (const [number, { cells }] of contents.series) {
        const starts = [...cells.keys()].sort((a, b) => a - b);
        for (const start of starts) setCell(info, number, start, cells.get(start)!);
      }
      setBounds(contents);
      data.dirty = data.first;
      data.shape++;
    },
    update(info, contents, change) {
      if (change.members || info.window !== data.window) {
        data.load(info, contents);
        return;
      }
      const closed = data.closed;
      for (let i = 0; i < change.at.length; i++) {
        const start = change.windows[change.at[i]!]!;
        setCell(
          info,
          change.series[i]!,
          start,
          change.values.map((column) => column[i] ?? null),
        );
      }
      setBounds(contents);
      if (data.closed > closed) data.dirty = Math.min(data.dirty, closed);
    },
  };

  function setBounds(contents: ViewContents): void {
    data.first = Math.floor(contents.start / data.window);
    data.closed = contents.watermark === null ? data.first : Math.floor(contents.watermark / data.window);
  }

  function setCell(info: ViewInfo, series: number, start: number, values: readonly (number | null)[]): void {
    const index = Math.floor(start / info.window);
    info.outputs.forEach((_, output) => {
      const trace = byCell.get(`${series} ${output}`);
      trace?.ring.set(index, values[output] ?? Number.NaN);
    });
    data.dirty = Math.min(data.dirty, index);
    data.end = Math.max(data.end, index + 1);
  }

  function setTraces(info: ViewInfo, contents: ViewContents): void {
    const capacity = Math.ceil(info.range / info.window) + SPARE;
    const wanted = info.outputs.map((o, i) => [o, i] as const).filter(([o]) => outputs.length === 0 || outputs.includes(o));
    data.zero = info.empty === 'zero';
    data.window = info.window;
    byCell = new Map();
    const members = [...contents.series].sort(([, a], [, b]) => a.group.join('\0').localeCompare(b.group.join('\0')));
    data.traces = members.flatMap(([number, { group }]) =>
      wanted.map(([output, i]) => {
        const key = JSON.stringify([info.metric, group, output]);
        const trace: Trace = {
          key,
          name: nameOf(group, output, wanted.length),
          slot: slots === null ? null : slots.claim(key),
          ring: createRing(capacity),
        };
        byCell.set(`${number} ${i}`, trace);
        return trace;
      }),
    );
  }

  return data;
}
