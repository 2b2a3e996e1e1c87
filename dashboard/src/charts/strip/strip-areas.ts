import { inkOf } from '../ink/inks.ts';
import { createBands, isFilled, writeBands } from '../trace/bands.ts';
import { strokeColumns, walkColumns } from './strip-columns.ts';
import { FILL_ALPHA, type StripBrush } from './strip-picture.ts';
import { strokeHair } from './stroke-hair.ts';

type Row = (index: number) => number;

/**
 * Fills each trace down to its base and strokes its top. All fills are below all strokes, and the stroke of a lower trace is above
 * that of the one on it, so that a band without height does not hide the band below.
 */
export function drawAreas(context: CanvasRenderingContext2D, brush: StripBrush): void {
  const { picture, from, base, ratio } = brush;
  const { data, inks, columns, until, thin } = picture;
  const rows = rowsOf(brush);
  const filled = isFilled(data) ? data.traces : [];
  filled.forEach((trace, t) => {
    const path = new Path2D();
    fillBetween(path, brush, rows[t]!);
    context.fillStyle = inkOf(inks, trace.slot);
    context.globalAlpha = FILL_ALPHA;
    context.fill(path);
    context.globalAlpha = 1;
  });
  for (const [t, trace] of [...data.traces.entries()].reverse()) {
    const path = new Path2D();
    strokeColumns(path, from, until, columns, base, ratio, rows[t]!.top);
    strokeHair(context, path, inkOf(inks, trace.slot), ratio, thin);
  }
}

/** The heights of all bands, device pixels, by window number. */
function rowsOf({ picture, from, yOf }: StripBrush): { top: Row; base: Row }[] {
  const { data, until } = picture;
  const windows = Math.max(0, until - from);
  const tops = data.traces.map(() => new Float64Array(windows));
  const bases = data.traces.map(() => new Float64Array(windows));
  const bands = createBands(data.traces.length);
  for (let k = 0; k < windows; k++) {
    writeBands(data, from + k, bands);
    for (let t = 0; t < tops.length; t++) {
      const top = bands.top[t]!;
      tops[t]![k] = yOf(top);
      // A hole has no ground either: both edges of a band end in the same windows.
      bases[t]![k] = Number.isNaN(top) ? Number.NaN : yOf(bands.base[t]!);
    }
  }
  return data.traces.map((_, t) => ({ top: (i) => tops[t]![i - from]!, base: (i) => bases[t]![i - from]! }));
}

/** One closed shape for each run between holes: along the top, and back along the base. */
function fillBetween(path: Path2D, { picture, from, base }: StripBrush, rows: { top: Row; base: Row }): void {
  const runs = (row: Row): [x: number, y: number][][] => {
    const all: [number, number][][] = [[]];
    walkColumns(from, picture.until, picture.columns, base, row, (x, y) => {
      if (!Number.isNaN(y)) all.at(-1)!.push([x, y]);
      else if (all.at(-1)!.length > 0) all.push([]);
    });
    return all;
  };
  const grounds = runs(rows.base);
  runs(rows.top).forEach((top, k) => {
    const ground = grounds[k] ?? [];
    if (top.length === 0) return;
    path.moveTo(...top[0]!);
    for (const point of top.slice(1)) path.lineTo(...point);
    for (const point of ground.reverse()) path.lineTo(...point);
    path.closePath();
  });
}
