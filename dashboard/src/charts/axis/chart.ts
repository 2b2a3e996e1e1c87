import { Chart, LinearScale } from 'chart.js';
import type { NumberFormat } from '../../format/format-number.ts';
import type { Inks } from '../ink/inks.ts';
import { type Scale, shareOf } from './scale.ts';

/** The plot rectangle in CSS pixels. */
export interface PlotArea {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface LayoutRequest {
  width: number;
  height: number;
  /** Device pixels per CSS pixel. */
  ratio: number;
  scale: Scale;
  /** Room for the labels right of the now line. */
  gutter: number;
  inks: Inks;
  formats: NumberFormat;
}

/** The static picture of a chart: y axis, grid, ground. Drawn on structural change only, never in the tick. */
export interface ChartLayout {
  /** Lays out the chart and returns the plot area. */
  update(request: LayoutRequest): PlotArea;
  /** Holds the static picture, `width × ratio` by `height × ratio` device pixels. */
  readonly picture: HTMLCanvasElement;
  destroy(): void;
}

/** Room below the plot for the time axis, and above it for the head of the now line. */
const TIME_AXIS = 18;
const HEAD = 8;
/** Advance of a mono figure at 11 px, and the distance of a label from the plot. */
const FIGURE = 6.6;
const TICK_GAP = 6;
/** There is always room for this many figures, so that another scale does not move the plot. */
const LEAST_FIGURES = 5;

export function createChartLayout(): ChartLayout {
  Chart.register(LinearScale);
  const picture = document.createElement('canvas');
  let chart: Chart | null = null;
  let labels: string[] = [];
  return {
    picture,
    update(request) {
      labels = request.formats.ticks(request.scale.ticks);
      chart ??= create(picture, request, () => labels);
      configure(chart, request);
      chart.options.devicePixelRatio = request.ratio;
      chart.resize(request.width, request.height);
      chart.update('none');
      const { left, right, top, bottom } = chart.chartArea;
      const area = {
        left: Math.round(left),
        right: Math.round(right),
        top: Math.round(top),
        bottom: Math.round(bottom),
      };
      paintUnder(picture, area, request);
      return area;
    },
    destroy() {
      chart?.destroy();
      chart = null;
    },
  };
}

/** No dataset and no controller: Chart.js lays out, scales and draws the axes; the traces are ours. */
function create(picture: HTMLCanvasElement, request: LayoutRequest, labels: () => string[]): Chart {
  picture.width = request.width;
  picture.height = request.height;
  return new Chart(picture, {
    type: 'line',
    data: { datasets: [] },
    options: {
      animation: false,
      responsive: false,
      // Else a panel that became narrower keeps the height of its old shape.
      maintainAspectRatio: false,
      events: [],
      devicePixelRatio: request.ratio,
      layout: { autoPadding: false, padding: { top: HEAD, right: request.gutter } },
      scales: {
        x: {
          type: 'linear',
          min: 0,
          max: 1,
          border: { display: false },
          grid: { display: false },
          ticks: { display: false },
          afterFit: (axis) => {
            axis.height = TIME_AXIS;
          },
        },
        y: {
          type: 'linear',
          border: { display: false },
          grid: { drawTicks: false },
          afterFit: (axis) => {
            const figures = Math.max(LEAST_FIGURES, ...labels().map((l) => l.length));
            axis.width = Math.ceil(figures * FIGURE) + TICK_GAP;
          },
          ticks: { padding: TICK_GAP, autoSkip: false, callback: (_, i) => labels()[i] ?? '' },
        },
      },
    },
  });
}

function configure(chart: Chart, { scale, inks, gutter }: LayoutRequest): void {
  const y = chart.options.scales!.y!;
  // In shares of the scale: the library's own arithmetic has no room for the largest and the closest numbers.
  y.min = 0;
  y.max = 1;
  y.afterBuildTicks = (axis) => {
    axis.ticks = scale.ticks.map((value) => ({ value: shareOf(scale, value) }));
  };
  y.grid = {
    drawTicks: false,
    lineWidth: 1,
    color: ({ index }) => (scale.ticks[index] === 0 ? inks.ruleStrong : inks.ruleFaint),
  };
  y.ticks = {
    ...y.ticks,
    color: inks.ink3,
    font: { family: inks.mono, size: 11, weight: 400, lineHeight: 1.2 },
  };
  chart.options.layout = { autoPadding: false, padding: { top: HEAD, right: gutter } };
}

/** Paints the ground, and the line under the plot where the scale does not begin at zero. */
function paintUnder(picture: HTMLCanvasElement, area: PlotArea, { inks, ratio, scale }: LayoutRequest): void {
  const context = picture.getContext('2d')!;
  context.save();
  context.globalCompositeOperation = 'destination-over';
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = inks.rule;
  if (scale.min !== 0) context.fillRect(area.left, area.bottom, area.right - area.left, 1);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = inks.ground;
  context.fillRect(0, 0, picture.width, picture.height);
  context.restore();
}
