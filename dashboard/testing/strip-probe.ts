import type { Inks } from '../src/charts/ink/inks.ts';
import { createStrip } from '../src/charts/strip/strip.ts';
import { columnsOf } from '../src/charts/strip/strip-columns.ts';
import { createRing } from '../src/charts/trace/ring.ts';
import type { ChartKind, Trace, TraceSet } from '../src/charts/trace/trace.ts';
import { evenTimes } from '../src/charts/trace/window-times.ts';
import { createRandom } from './fake-data.ts';

export interface ProbeRequest {
  kind: ChartKind;
  stacked: boolean;
  /** Whether an empty window is a zero. */
  zero: boolean;
  /** Whether the scale changes on the way. */
  rescaled: boolean;
  /** Device pixel columns a window. */
  perWindow: number;
  ratio: number;
  seed: number;
}

export interface ProbeResult {
  steps: number;
  /** Channels that differ visibly between the scrolled strip and one drawn at once, in all steps together. */
  different: number;
  /** Pixels that are not empty in the last step: shows that something was compared. */
  drawn: number;
}

const [WIDTH, HEIGHT] = [300, 120];
/**
 * Blending in eight bits rounds by the order of drawing: below this two channels are the same to any eye. Fills lie over each
 * other, at ratio 2 in seven layers, and round as often.
 */
const SHADE = { strokes: 7, fills: 12 };
/** The scale changes on the way, as that of a growing stack does. Stacks reach as high as traces that are not stacked. */
const SCALES = {
  alone: [
    { min: 0, max: 100, ticks: [] },
    { min: -50, max: 150, ticks: [] },
  ],
  stacked: [
    { min: -33, max: 100, ticks: [] },
    { min: -50, max: 150, ticks: [] },
  ],
};
const INKS = { ink2: '#ccc', series: ['#666', '#36f', '#c63', '#3c6'] } as unknown as Inks;

/** Follows a strip through random steps of time, late values and changes of the scale, and compares each picture with a full drawing. Runs in a browser. */
export function probeStrip(request: ProbeRequest): ProbeResult {
  const { kind, stacked, zero, rescaled, perWindow, ratio, seed } = request;
  const random = createRandom(seed);
  const columns = columnsOf(evenTimes({ every: 1 }), 1 / perWindow);
  const shade = kind === 'area' || stacked ? SHADE.fills : SHADE.strokes;
  const scales = stacked ? SCALES.stacked : SCALES.alone;
  const start = 170_000_000;
  const data: TraceSet = { ...dataOf(Math.ceil((WIDTH + 8 * ratio) / perWindow) + 8, start), stacked, zero };
  const followed = createStrip();
  followed.resize(WIDTH, HEIGHT, ratio);
  let [until, edge, different, drawn, scale] = [start, 0, 0, 0, 0];
  const steps = 250;
  for (let step = 0; step < steps; step++) {
    const add = Math.floor(random() * 3);
    for (let i = 0; i < add; i++, until++) write(data, until, random);
    if (random() < 0.15 && until > start + 5) write(data, until - 1 - Math.floor(random() * 5), random);
    data.closed = until;
    edge = Math.max(edge, Math.floor(until * perWindow) + Math.floor(random() * 3));
    if (rescaled && random() < 0.02) {
      scale = 1 - scale;
      followed.invalidate();
    }
    const picture = { data, kind, scale: scales[scale]!, inks: INKS, columns, edge, until, thin: false };
    followed.paint(picture);
    const whole = createStrip();
    whole.resize(WIDTH, HEIGHT, ratio);
    whole.paint(picture);
    data.dirty = Number.POSITIVE_INFINITY;
    const [a, b] = [pixels(followed, edge, ratio), pixels(whole, edge, ratio)];
    drawn = 0;
    for (let i = 0; i < a.length; i++) {
      if (Math.abs(a[i]! - b[i]!) > shade) different++;
      if (i % 4 === 0 && a[i]! > 0) drawn++;
    }
  }
  return { steps, different, drawn };
}

function pixels(strip: ReturnType<typeof createStrip>, edge: number, ratio: number): Uint8ClampedArray {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT + 8 * ratio;
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  // On opaque ground, as on the page: colours of nearly transparent pixels mean nothing.
  context.fillRect(0, 0, canvas.width, canvas.height);
  strip.blit(context, 0, 4 * ratio, edge);
  return context.getImageData(0, 0, canvas.width, canvas.height).data;
}

function dataOf(capacity: number, first: number): TraceSet {
  const traces: Trace[] = [1, 2, 3].map((n) => ({
    key: `${n}`,
    colorKey: `${n}`,
    name: '',
    group: '',
    rest: false,
    slot: { number: n },
    ring: createRing(capacity),
  }));
  return {
    times: evenTimes({ every: 1 }),
    begins: 0,
    traces,
    zero: false,
    stacked: false,
    hidden: 0,
    ranked: null,
    earlier: [{ name: '', short: '', slot: null, value: (i) => (i % 7 === 0 ? Number.NaN : (i * 37) % 90) }],
    shape: 0,
    first,
    closed: first,
    end: first,
    dirty: Number.POSITIVE_INFINITY,
    value: (trace, index) => trace.ring.get(index),
    markDrawn: () => {},
  };
}

/** A value for each trace, often none, so that some stand alone; in stacks some below zero. */
function write(data: TraceSet, index: number, random: () => number): void {
  for (const trace of data.traces)
    trace.ring.set(
      index,
      random() < 0.3 ? Number.NaN : data.stacked ? random() * 33 - (random() < 0.2 ? 33 : 0) : random() * 100,
    );
  data.dirty = Math.min(data.dirty, index);
}

(globalThis as { probeStrip?: typeof probeStrip }).probeStrip = probeStrip;
