import { type ChartLayout, createChartLayout, type PlotArea } from './chart.ts';
import type { CrossHair } from './cross-hair.ts';
import { drawTimeAxis } from './draw-axis.ts';
import { drawGlow, drawNowLine } from './draw-edge.ts';
import { drawGaps } from './draw-gaps.ts';
import { drawOpen, isOpenVisible } from './draw-open.ts';
import { extentOf } from './extent.ts';
import { type Geometry, timeOfX } from './geometry.ts';
import { currentLabels, drawLabels, gutterOf } from './labels.ts';
import { closedAt, type PlotState } from './plot-state.ts';
import { drawReadout, snapTime } from './readout.ts';
import { createScaleKeeper, type Scale } from './scale.ts';
import type { Drawable } from './scheduler.ts';
import { createSparkLayout } from './spark-layout.ts';
import { createStrip } from './strip.ts';

/** A time chart on two canvases: the picture, and over it the cross-hair. */
export interface Plot extends Drawable {
  /** New size in CSS pixels and device pixels per CSS pixel. */
  resize(width: number, height: number, ratio: number): void;
  /** Draws everything anew next time. */
  invalidate(): void;
  /** The reading time at `x`, CSS pixels from the canvas's left; null outside the plot. */
  timeAt(x: number): number | null;
  /** Whether the newest drawing shows an open window as such. */
  readonly showsOpen: boolean;
  destroy(): void;
}

export interface PlotParts {
  canvas: HTMLCanvasElement;
  overlay: HTMLCanvasElement | null;
  crossHair: CrossHair;
  /** What to show now; null while there is nothing. */
  read(): PlotState | null;
  now(): number;
}

export function createPlot({ canvas, overlay, crossHair, read, now }: PlotParts): Plot {
  const context = canvas.getContext('2d', { alpha: false })!;
  const overlayContext = overlay?.getContext('2d') ?? null;
  const strip = createStrip();
  const keeper = createScaleKeeper();
  let layout: ChartLayout | null = null;
  let [width, height, ratio] = [0, 0, 1];
  let area: PlotArea | null = null;
  let geometry: Geometry | null = null;
  let gutter = 0;
  let signature = '';
  let [shownEdge, shownMode, shownTime] = [-1, '', null as number | null];
  let showsOpen = false;

  function scaleFor(state: PlotState): Scale {
    const [low, high] = extentOf(state);
    if (!state.spark) return keeper.fit(low, high, state.kind === 'bars' || state.data.zero, now());
    if (!(low < high)) return { min: (low || 0) - 1, max: (low || 0) + 1, ticks: [] };
    return { min: low, max: high, ticks: [] };
  }

  function arrange(state: PlotState, scale: Scale): void {
    layout ??= state.spark ? createSparkLayout() : createChartLayout();
    area = layout.update({ width, height, ratio, scale, gutter, inks: state.inks });
    strip.resize(Math.round((area.right - area.left) * ratio), Math.round((area.bottom - area.top) * ratio), ratio);
  }

  function measure(state: PlotState, scale: Scale): Geometry {
    const columns = Math.max(1, Math.round((area!.right - area!.left) * ratio));
    const msPerColumn = state.range / columns;
    const perWindow = state.data.window / msPerColumn;
    const edge = Math.floor(state.edge / msPerColumn);
    return { area: area!, width, height, ratio, scale, columns, msPerColumn, perWindow, edge };
  }

  function compose(state: PlotState, g: Geometry): void {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(layout!.picture, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawGlow(context, g, state.inks, state.mode, state.spark);
    context.setTransform(1, 0, 0, 1, 0, 0);
    strip.blit(context, g.area.left * ratio, g.area.top * ratio, g.edge);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (!state.spark) {
      drawGaps(context, g, state);
      drawOpen(context, g, state);
      drawTimeAxis(context, g, state.inks);
    }
    drawNowLine(context, g, state.inks, state.mode, state.spark);
    if (!state.spark) drawLabels(context, g, currentLabels(state), state.inks);
  }

  function drawOverlay(state: PlotState, g: Geometry): void {
    if (overlayContext === null || overlay === null) return;
    overlayContext.setTransform(1, 0, 0, 1, 0, 0);
    overlayContext.clearRect(0, 0, overlay.width, overlay.height);
    shownTime = crossHair.time;
    if (shownTime === null || state.data.window === 0) return;
    overlayContext.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawReadout(overlayContext, g, state, shownTime);
  }

  const plot: Plot = {
    visible: true,
    get showsOpen() {
      return showsOpen;
    },
    resize(w, h, r) {
      if (w === width && h === height && r === ratio) return;
      [width, height, ratio] = [w, h, r];
      for (const each of [canvas, overlay]) {
        if (each === null) continue;
        each.width = Math.max(1, Math.round(w * r));
        each.height = Math.max(1, Math.round(h * r));
      }
      signature = '';
    },
    invalidate() {
      signature = '';
    },
    structural: () => signature === '',
    draw() {
      const state = read();
      if (state === null || width < 24 || height < 16) return;
      const { data } = state;
      if (signature !== '' && data.dirty === Number.POSITIVE_INFINITY && geometry !== null) {
        const still = Math.floor(state.edge / geometry.msPerColumn) === shownEdge && state.mode === shownMode;
        if (still && crossHair.time === shownTime) return;
        if (still) {
          drawOverlay(state, geometry);
          return;
        }
      }
      const scale = scaleFor(state);
      if (!state.spark) gutter = widen(gutter, gutterOf(context, currentLabels(state), state.inks), width);
      const wanted = [width, height, ratio, scale.min, scale.max, gutter, state.range, data.window, data.shape].join();
      const themed = `${wanted} ${state.inks.ground}`;
      if (themed !== signature) {
        arrange(state, scale);
        signature = themed;
      }
      geometry = measure(state, scale);
      const { edge, perWindow } = geometry;
      if (data.window > 0)
        strip.paint({ data, kind: state.kind, scale, inks: state.inks, perWindow, edge, until: closedAt(state) });
      data.settle();
      compose(state, geometry);
      showsOpen = !state.spark && isOpenVisible(geometry, state);
      [shownEdge, shownMode] = [edge, state.mode];
      drawOverlay(state, geometry);
    },
    timeAt(x) {
      const state = read();
      if (geometry === null || state === null || state.data.window === 0) return null;
      if (x < geometry.area.left || x > geometry.area.right) return null;
      return snapTime(state, timeOfX(geometry, x));
    },
    destroy() {
      layout?.destroy();
    },
  };
  return plot;
}

/** Grows only, so that labels do not push the plot to and fro; never more than two fifths of the panel. */
const widen = (gutter: number, wanted: number, width: number): number =>
  Math.min(Math.max(gutter, wanted), Math.floor(width * 0.4));
