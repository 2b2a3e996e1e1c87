import { createCrossHair } from '../src/charts/draw/cross-hair.ts';
import type { PlotState } from '../src/charts/draw/plot-state.ts';
import { Plot } from '../src/charts/plot.ts';
import { createRing } from '../src/charts/trace/ring.ts';
import type { ChartKind, TraceSet } from '../src/charts/trace/trace.ts';
import { evenTimes } from '../src/charts/trace/window-times.ts';
import { FORMATS } from './usual-formats.ts';

const WINDOWS = 40;
const START = 1_000_000;
const SIZE = [420, 180] as const;
/** The colour of the trace, which nothing else has. */
const INK: [number, number, number] = [0, 0, 255];

export interface NumbersRequest {
  kind: ChartKind;
  /** The trace goes from one to the other and back at each window. */
  low: number;
  high: number;
}

/** Draws one trace of two values, and returns how many rows of the picture show its colour. Runs in a browser. */
export function probeNumbers({ kind, low, high }: NumbersRequest): number {
  const canvas = document.createElement('canvas');
  const state = stateOf(kind, dataOf(low, high));
  const plot = new Plot({
    canvas,
    overlay: null,
    crossHair: createCrossHair(),
    read: () => state,
    now: () => 0,
  });
  plot.resize(...SIZE, 1);
  plot.draw();
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, ...SIZE);
  const rows = new Set<number>();
  for (let pixel = 0; pixel < data.length / 4; pixel++) {
    const [r, g, b] = data.subarray(pixel * 4, pixel * 4 + 3);
    if (b! - Math.max(r!, g!) > INK[2] / 2) rows.add(Math.floor(pixel / SIZE[0]));
  }
  plot.destroy();
  return rows.size;
}

const stateOf = (kind: ChartKind, data: TraceSet): PlotState => ({
  ...{ data, kind, spark: false, range: WINDOWS, edge: START, mode: 'paused', palette: 0 },
  format: (value, step) => FORMATS.value(value, '', step),
  formats: FORMATS,
  inks: {
    ...{ ground: '#fff', ground3: '#eee', ruleFaint: '#ddd', rule: '#ddd', ruleStrong: '#888' },
    ...{ ink1: '#000', ink2: '#000', ink3: '#000', signal: '#0f0', signalLine: '#0f0' },
    ...{ glowNear: 0, glowFar: 0, series: ['#888', `rgb(${INK.join()})`] },
    ...{ sans: 'sans-serif', mono: 'monospace' },
  },
});

function dataOf(low: number, high: number): TraceSet {
  const ring = createRing(WINDOWS + 8);
  for (let i = 0; i < WINDOWS; i++) ring.set(START - WINDOWS + i, i % 2 === 0 ? low : high);
  return {
    ...{
      times: evenTimes({ every: 1 }),
      begins: 0,
      zero: false,
      stacked: false,
      hidden: 0,
      shape: 0,
      earlier: [],
      ranked: null,
    },
    traces: [{ key: 'a', colorKey: 'a', name: 'a', group: '', rest: false, slot: { number: 1 }, ring }],
    ...{ first: START - WINDOWS, closed: START, end: START, dirty: START - WINDOWS },
    value: (trace, index) => trace.ring.get(index),
    markDrawn: () => {},
  };
}

(globalThis as { probeNumbers?: typeof probeNumbers }).probeNumbers = probeNumbers;
