import { createCrossHair } from '../src/charts/draw/cross-hair.ts';
import type { PlotState } from '../src/charts/draw/plot-state.ts';
import type { Inks } from '../src/charts/ink/inks.ts';
import { Plot } from '../src/charts/plot.ts';
import { createRing } from '../src/charts/trace/ring.ts';
import type { TraceSet } from '../src/charts/trace/trace.ts';
import { evenTimes } from '../src/charts/trace/window-times.ts';
import type { ProbeRequest } from './strip-probe.ts';
import { FORMATS } from './usual-formats.ts';

/** Blending in eight bits rounds by the order of drawing; see the probe of the strip. */
const SHADE = 12;
const WINDOWS = 60;
const START = 1_000_000;
const inksOf = (ground: string, ink: string, series: string[]): Inks => ({
  ...{ ground, ground3: ground, ruleFaint: ink, rule: ink, ruleStrong: ink, ink1: ink, ink2: ink, ink3: ink },
  ...{ signal: '#ef2', signalLine: '#ef2', glowNear: 0.3, glowFar: 0.1 },
  ...{ series, sans: 'sans-serif', mono: 'monospace' },
});
/** Two themes, and forced colours, which know one ink only. */
const THEMES = [
  inksOf('#111', '#ccc', ['#666', '#36f', '#c63', '#3c6']),
  inksOf('#eee', '#333', ['#999', '#24a', '#942', '#294']),
  inksOf('#000', '#fff', ['#fff', '#fff', '#fff', '#fff']),
];

export type PlotChange = 'tick' | 'resize' | 'theme' | 'ratio' | 'grow' | 'late';
const CHANGES: readonly PlotChange[] = ['tick', 'resize', 'theme', 'ratio', 'grow', 'late'];

/** Follows a plot through all that can happen to it, and counts for each what differs from a plot that begins then, in visible channels. Runs in a browser. */
export function probePlot({
  kind,
  stacked,
}: Pick<ProbeRequest, 'kind' | 'stacked'>): Record<PlotChange, number> {
  const data = { ...dataOf(), stacked, zero: true };
  let size: [width: number, height: number, ratio: number] = [420, 180, 1];
  let theme = 0;
  let height = 12;
  const read = (): PlotState => ({
    ...{ data, kind, spark: false, range: WINDOWS, edge: data.closed + 0.5, mode: 'live', palette: 0 },
    format: (value) => (value === null ? '–' : value.toFixed(0).padStart(5)),
    formats: FORMATS,
    inks: THEMES[theme]!,
  });
  const followed = open(read);
  const different: Record<PlotChange, number> = { tick: 0, resize: 0, theme: 0, ratio: 0, grow: 0, late: 0 };
  for (let step = 0; step < 36; step++) {
    const change = CHANGES[step % CHANGES.length]!;
    if (change === 'resize') size = [380 + ((step * 37) % 90), 150 + ((step * 13) % 50), size[2]];
    if (change === 'theme') theme = (theme + 1) % THEMES.length;
    if (change === 'ratio') size = [size[0], size[1], 3 - size[2]];
    if (change === 'grow') height *= 1.4;
    if (change === 'late') write(data, data.closed - 9, height / 2);
    else write(data, data.closed++, height);
    data.end = data.closed + 1;
    write(data, data.closed, height / 3);
    const fresh = open(read);
    const dirty = data.dirty;
    for (const plot of [followed, fresh]) {
      data.dirty = dirty;
      plot.resize(...size);
      plot.draw();
    }
    different[change] += compare(followed.canvas, fresh.canvas);
    fresh.destroy();
  }
  return different;
}

function open(read: () => PlotState): Plot & { canvas: HTMLCanvasElement } {
  const canvas = document.createElement('canvas');
  const plot = new Plot({ canvas, overlay: null, crossHair: createCrossHair(), read, now: () => 0 });
  return Object.assign(plot, { canvas });
}

function compare(one: HTMLCanvasElement, other: HTMLCanvasElement): number {
  if (one.width !== other.width || one.height !== other.height) return Number.POSITIVE_INFINITY;
  const [a, b] = [one, other].map(
    (canvas) => canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data,
  );
  return a!.reduce((sum, channel, i) => sum + (Math.abs(channel - b![i]!) > SHADE ? 1 : 0), 0);
}

function dataOf(): TraceSet {
  const data: TraceSet = {
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
    traces: [1, 2, 3].map((n) => ({
      ...{ key: `${n}`, colorKey: `${n}`, name: `trace ${n}`, group: '', rest: false, slot: { number: n } },
      ring: createRing(WINDOWS + 8),
    })),
    ...{ first: START - WINDOWS, closed: START, end: START, dirty: START - WINDOWS },
    value: (trace, index) => trace.ring.get(index),
    markDrawn: () => {},
  };
  for (let i = START - WINDOWS; i < START; i++) write(data, i, 10);
  return data;
}

function write(data: TraceSet, index: number, height: number): void {
  data.traces.forEach((trace, t) => {
    trace.ring.set(index, index % 23 === 0 ? Number.NaN : height * (1 + ((index * (t + 3)) % 7) / 9));
  });
  data.dirty = Math.min(data.dirty, index);
}

(globalThis as { probePlot?: typeof probePlot }).probePlot = probePlot;
