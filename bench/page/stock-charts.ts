import { Chart, type ChartConfiguration, registerables } from 'chart.js';
import type { Client } from '#client/types.ts';
import type { ViewContents } from '#contracts/view/frame.ts';
import { BOARD } from './page-data.ts';
import { POINTS, SERIES, VISIBLE } from './page-shape.ts';

/** The place of a canvas on the page that this one is compared with. */
export interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** `x` in seconds since the page was opened: labels as short as those of a time axis. */
interface Point {
  x: number;
  y: number;
}

const INKS = [
  '#3366cc',
  '#dc3912',
  '#ff9900',
  '#109618',
  '#990099',
  '#0099c6',
  '#dd4477',
  '#66aa00',
  '#b82e2e',
  '#316395',
];

/**
 * The same panels in Chart.js, on canvases of the same places and sizes. `stock` is what its documentation shows first;
 * `tuned` follows its page on performance (no animation, no parsing, normalized, no points) and draws what is visible.
 */
export function showCharts(app: HTMLElement, client: Client, places: readonly Place[], tuned: boolean): void {
  Chart.register(...registerables);
  for (const [i, panel] of BOARD.panels.entries()) {
    const place = places[i]!;
    const box = document.createElement('div');
    box.style.cssText = `position:absolute;left:${place.left}px;top:${place.top}px;width:${place.width}px;height:${place.height}px`;
    const canvas = document.createElement('canvas');
    box.append(canvas);
    app.append(box);
    const lines: Point[][] = Array.from({ length: SERIES }, () => []);
    const chart = new Chart(canvas, configOf(lines, tuned));
    client.subscribe(panel.view!, {
      onChange(contents) {
        take(lines, contents);
        if (i < VISIBLE || !tuned) chart.update(tuned ? 'none' : undefined);
      },
    });
  }
}

function configOf(lines: Point[][], tuned: boolean): ChartConfiguration<'line', Point[]> {
  const datasets = lines.map((data, i) => ({ label: `group-${i}`, data, borderColor: INKS[i]! }));
  const config: ChartConfiguration<'line', Point[]> = {
    type: 'line',
    data: { datasets },
    options: { maintainAspectRatio: false, scales: { x: { type: 'linear' } } },
  };
  if (tuned)
    Object.assign(config.options!, {
      animation: false,
      parsing: false,
      normalized: true,
      elements: { point: { radius: 0 }, line: { borderWidth: 1.5 } },
      plugins: { legend: { display: false } },
    });
  return config;
}

const OPENED = Math.floor(Date.now() / 1_000);

/** Only the newest windows change; older ones leave at the front. */
function take(lines: Point[][], { series, end, start }: ViewContents): void {
  for (const [group, { cells }] of series) {
    const line = lines[group]!;
    const newest = line.length === 0 ? start : (line.at(-1)!.x + OPENED - 1) * 1_000;
    for (let at = Math.max(start, newest); at < end; at += 1_000) {
      const y = cells.get(at)?.[0];
      if (typeof y !== 'number') continue;
      const x = at / 1_000 - OPENED;
      const known = line.findLastIndex((point) => point.x === x);
      if (known < 0) line.push({ x, y });
      else line[known]!.y = y;
    }
    while (line.length > POINTS) line.shift();
  }
}
