import { type ChartLayout, createChartLayout, type PlotArea } from './axis/chart.ts';
import { gutterOf } from './axis/gutter.ts';
import { createScaleKeeper, type Scale } from './axis/scale.ts';
import { type ChosenSpan, chooseSpan } from './draw/choose-span.ts';
import type { CrossHair } from './draw/cross-hair.ts';
import { drawTimeAxis } from './draw/draw-axis.ts';
import { type BeginMark, beginHint, drawBegin } from './draw/draw-begin.ts';
import { drawGlow, drawNowLine, type EdgeLook } from './draw/draw-edge.ts';
import { drawGaps, type GapLabel, gapHint } from './draw/draw-gaps.ts';
import { drawMarked, drawMarkedFlag } from './draw/draw-marked.ts';
import { drawOpen, isOpenVisible } from './draw/draw-open.ts';
import { type Geometry, snapTime, timeOfX } from './draw/geometry.ts';
import { currentLabels, drawLabels } from './draw/labels.ts';
import { besideScale, closedAt, extentOf, openAt, type PlotState } from './draw/plot-state.ts';
import { drawReadout } from './draw/readout.ts';
import type { Drawable } from './scheduler.ts';
import { createStrip } from './strip/strip.ts';
import { columnsOf } from './strip/strip-columns.ts';
import { hasValues, isFresh } from './trace/freshness.ts';

export interface PlotParts {
  canvas: HTMLCanvasElement;
  /** For the cross-hair; null for a plot that is not read from. */
  overlay: HTMLCanvasElement | null;
  crossHair: CrossHair;
  /** What to show now; null while there is nothing. */
  read(): PlotState | null;
  now(): number;
}

/** Smaller than this there is nothing to see. */
const LEAST = 16;

/** A time chart on two canvases: the picture, and over it the cross-hair. */
export class Plot implements Drawable {
  visible = true;
  /** Whether the newest drawing shows an open window as such. */
  showsOpen = false;
  readonly #parts: PlotParts;
  readonly #context: CanvasRenderingContext2D;
  readonly #overlay: CanvasRenderingContext2D | null;
  readonly #strip = createStrip();
  #keeper = createScaleKeeper();
  /** The view that the scale was kept for. */
  #kept = '';
  #layout: ChartLayout | null = null;
  #size = { width: 0, height: 0, ratio: 1 };
  #area: PlotArea = { left: 0, right: 0, top: 0, bottom: 0 };
  #geometry: Geometry | null = null;
  #begin: BeginMark | null = null;
  #gaps: readonly GapLabel[] = [];
  /** Everything that the static picture depends on; empty forces a new one. */
  #signature = '';
  #shown = { edge: -1, look: '', palette: 0, time: null as number | null };
  /** The newest closed window that was drawn, and when it came; 0 for not since the plot was there. */
  #closed = { window: 0, index: 0, came: 0 };

  constructor(parts: PlotParts) {
    this.#parts = parts;
    this.#context = parts.canvas.getContext('2d')!;
    this.#overlay = parts.overlay?.getContext('2d') ?? null;
  }

  /** New size in CSS pixels and device pixels per CSS pixel; taken over by the next drawing, so that nothing blanks. */
  resize(width: number, height: number, ratio: number): void {
    const { width: w, height: h, ratio: r } = this.#size;
    if (w === width && h === height && r === ratio) return;
    this.#size = { width, height, ratio };
    this.invalidate();
  }

  /** Redraws everything next time. */
  invalidate(): void {
    this.#signature = '';
  }

  /** A plot that has nothing to draw lays out nothing: it must not use the turn of another. */
  structural(): boolean {
    return this.#signature === '' && this.#ready(this.#parts.read());
  }

  draw(): void {
    const state = this.#parts.read();
    if (!this.#ready(state)) return;
    this.#notice(state);
    const before = this.#geometry;
    if (before !== null && !this.#moved(state, before)) {
      if (this.#parts.crossHair.time !== this.#shown.time) this.#drawOverlay(state, before);
      return;
    }
    const geometry = this.#arrange(state);
    const { data, kind, inks } = state;
    const { scale, edge, windows } = geometry;
    if (data.times.length > 0)
      this.#strip.paint({
        data,
        kind,
        scale,
        inks,
        columns: windows,
        edge,
        until: closedAt(state),
        thin: state.spark,
      });
    data.markDrawn();
    this.#compose(state, geometry);
    this.#drawOverlay(state, geometry);
    this.#geometry = geometry;
    this.#shown.edge = edge;
    this.#shown.look = this.#lookOf(state);
    this.#shown.palette = state.palette;
    this.showsOpen = !state.spark && isOpenVisible(geometry, state);
  }

  /** The reading time at `x`, CSS pixels from the canvas's left; null outside the plot. */
  timeAt(x: number): number | null {
    const state = this.#parts.read();
    const geometry = this.#geometry;
    if (geometry === null || state === null || state.data.times.length === 0) return null;
    if (x < geometry.area.left || x > geometry.area.right) return null;
    const { times } = state.data;
    // Beyond the open window there is nothing to read.
    const newest = openAt(state) - 1;
    const middle = (times.startOf(newest) + times.startOf(newest + 1)) / 2;
    return snapTime(state.kind, times, Math.min(timeOfX(geometry, x), middle));
  }

  /** Returns what is to be said at `x`, CSS pixels from the canvas's left, that has no room in the picture; empty for nothing. */
  hintAt(x: number): string {
    return beginHint(this.#begin, x) || gapHint(this.#gaps, x);
  }

  /** The whole windows between two places, CSS pixels from the canvas's left; null where there is nothing to choose. */
  spanBetween(a: number, b: number): ChosenSpan | null {
    const state = this.#parts.read();
    const geometry = this.#geometry;
    if (geometry === null || state === null || state.data.times.length === 0) return null;
    return chooseSpan(geometry, state.data.times, [a, b]);
  }

  destroy(): void {
    this.#layout?.destroy();
  }

  #ready(state: PlotState | null): state is PlotState {
    return state !== null && this.#size.width >= LEAST && this.#size.height >= LEAST;
  }

  /** Whether anything but the cross-hair differs from what is on the canvas. */
  #moved(state: PlotState, before: Geometry): boolean {
    const { edge, look } = this.#shown;
    if (state.palette !== this.#shown.palette) return true;
    if (this.#signature === '' || state.data.dirty !== Number.POSITIVE_INFINITY) return true;
    if (this.#lookOf(state) !== look) return true;
    return Math.floor(state.edge / before.msPerColumn) !== edge;
  }

  /** Notes when the newest closed window arrived; what was there at the start, or before the windows changed, is not new. */
  #notice(state: PlotState): void {
    const window = state.data.times.length;
    const [index, before] = [closedAt(state), this.#closed];
    if (window !== before.window) this.#closed = { window, index, came: 0 };
    else if (index > before.index) {
      const came = hasValues(state.data, before.index, index) ? this.#parts.now() : before.came;
      this.#closed = { window, index, came };
    }
  }

  #lookOf({ mode, data }: PlotState): EdgeLook {
    return mode === 'live' && isFresh(this.#closed.came, data.times.length, this.#parts.now())
      ? 'fresh'
      : mode;
  }

  #scaleFor(state: PlotState): Scale {
    const [low, high] = extentOf(state);
    if (!state.spark)
      return this.#keeper.fit(low, high, state.kind !== 'line' || state.data.zero, this.#parts.now());
    if (low < high) return { min: low, max: high, ticks: [] };
    const level = Number.isNaN(low) ? 0 : low;
    // Half of the level: enough at any size, and no number is passed by it but the largest.
    const room = Math.max(1, Math.abs(level) / 2);
    return {
      min: Math.max(-Number.MAX_VALUE, level - room),
      max: Math.min(Number.MAX_VALUE, level + room),
      ticks: [],
    };
  }

  /** Lays out again when something static has changed. */
  #arrange(state: PlotState): Geometry {
    const { width, height, ratio } = this.#size;
    this.#forget(state);
    const scale = this.#scaleFor(state);
    const gutter = state.spark ? 0 : gutterOf(width);
    const { times, shape } = state.data;
    const parts = [
      width,
      height,
      ratio,
      scale.min,
      scale.max,
      state.range,
      times.length,
      shape,
      state.palette,
    ];
    const signature = [...parts, state.inks.ground].join();
    if (signature !== this.#signature) {
      this.#layout ??= state.spark ? createSparkLayout() : createChartLayout();
      this.#fitCanvases();
      const request = { width, height, ratio, scale, gutter, inks: state.inks, formats: state.formats };
      this.#area = this.#layout.update(request);
      const { left, right, top, bottom } = this.#area;
      this.#strip.resize(Math.round((right - left) * ratio), Math.round((bottom - top) * ratio), ratio);
      this.#signature = signature;
    }
    const columns = Math.max(1, Math.round((this.#area.right - this.#area.left) * ratio));
    const msPerColumn = state.range / columns;
    const edge = Math.floor(state.edge / msPerColumn);
    const windows = columnsOf(times, msPerColumn);
    return { area: this.#area, width, height, ratio, scale, columns, msPerColumn, windows, edge };
  }

  /** Resets the scale when range or windows change: what was kept steady for the old ones does not apply. */
  #forget({ range, data }: PlotState): void {
    const kept = `${range} ${data.times.length}`;
    if (kept === this.#kept) return;
    this.#kept = kept;
    this.#keeper = createScaleKeeper();
  }

  #fitCanvases(): void {
    const { width, height, ratio } = this.#size;
    for (const canvas of [this.#parts.canvas, this.#parts.overlay]) {
      if (canvas === null) continue;
      const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (canvas.width !== w) canvas.width = w;
      if (canvas.height !== h) canvas.height = h;
    }
  }

  #compose(state: PlotState, g: Geometry): void {
    const context = this.#context;
    const { ratio } = g;
    const { inks, spark } = state;
    const look = this.#lookOf(state);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.#layout!.picture, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawMarked(context, g, state);
    drawGlow(context, g, inks, look, spark);
    context.setTransform(1, 0, 0, 1, 0, 0);
    this.#strip.blit(context, g.area.left * ratio, g.area.top * ratio, g.edge);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (!spark) {
      this.#begin = drawBegin(context, g, state);
      this.#gaps = drawGaps(context, g, state);
      drawOpen(context, g, state);
      drawTimeAxis(context, g, state);
      drawMarkedFlag(context, g, state);
    }
    drawNowLine(context, g, inks, look, spark);
    if (!spark) drawLabels(context, g, currentLabels(besideScale(state, g.scale)), state);
  }

  #drawOverlay(state: PlotState, g: Geometry): void {
    const context = this.#overlay;
    if (context === null) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    const { time } = this.#parts.crossHair;
    this.#shown.time = time;
    if (time === null || state.data.times.length === 0) return;
    context.setTransform(g.ratio, 0, 0, g.ratio, 0, 0);
    drawReadout(context, g, besideScale(state, g.scale), time);
  }
}

/** The static picture of a sparkline: ground and a base line; no axes, so no chart library. */
function createSparkLayout(): ChartLayout {
  const picture = document.createElement('canvas');
  return {
    picture,
    update({ width, height, ratio, inks }) {
      picture.width = Math.round(width * ratio);
      picture.height = Math.round(height * ratio);
      const context = picture.getContext('2d')!;
      context.scale(ratio, ratio);
      context.fillStyle = inks.ground;
      context.fillRect(0, 0, width, height);
      context.fillStyle = inks.rule;
      context.fillRect(0, height - 1, width, 1);
      return { left: 0, right: Math.floor(width) - 1, top: 2, bottom: Math.floor(height) - 2 };
    },
    destroy() {},
  };
}
