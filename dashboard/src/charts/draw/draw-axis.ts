import type { Formats } from '../../format/formats.ts';
import { buildTimeTicks } from '../axis/time-ticks.ts';
import { figureFont, type Inks } from '../ink/inks.ts';
import { type Geometry, timeOfX, xOfTime } from './geometry.ts';

/** Half the advance of a mono figure at 11 px. */
const HALF_FIGURE = 3.3;

/** A label of the time axis and where its words begin and end, CSS pixels. */
export interface TimeLabel {
  x: number;
  text: string;
  left: number;
  right: number;
}

interface PlacedTimes {
  minor: number[];
  major: number[];
  labels: TimeLabel[];
}

/** How far apart labels are, CSS pixels; and in a plot so narrow that none would fit. */
const APART = 80;
const LEAST_APART = 60;

/** The ticks of the time axis by their x, and the labels that have room. The right end has none: it is now. */
export function placeTimeLabels(g: Geometry, formats: Formats): PlacedTimes {
  const usual = placeApart(g, APART, formats);
  return usual.labels.length > 0 ? usual : placeApart(g, LEAST_APART, formats);
}

function placeApart(g: Geometry, apart: number, formats: Formats): PlacedTimes {
  const { area } = g;
  const to = timeOfX(g, area.right);
  const from = timeOfX(g, area.left);
  const { step, major, minor } = buildTimeTicks(
    from,
    to,
    area.right - area.left,
    formats.calendar.offsetAt,
    apart,
  );
  const xOf = (t: number): number => Math.round(xOfTime(g, t));
  const labels = major.map((t): TimeLabel => {
    const [x, text] = [xOf(t), formats.axis(t, step)];
    const half = text.length * HALF_FIGURE;
    return { x, text, left: x - half, right: x + half };
  });
  return {
    minor: minor.map(xOf),
    major: major.map(xOf),
    labels: labels.filter(({ left, right }) => right <= area.right - 4 && left >= 0),
  };
}

/** The time axis: small ticks 2 px, labelled ones 5 px. */
export function drawTimeAxis(
  context: CanvasRenderingContext2D,
  g: Geometry,
  { inks, formats }: { inks: Inks; formats: Formats },
): void {
  const { bottom } = g.area;
  const { minor, major, labels } = placeTimeLabels(g, formats);
  context.fillStyle = inks.ruleStrong;
  for (const x of minor) context.fillRect(x, bottom, 1, 3);
  for (const x of major) context.fillRect(x, bottom, 1, 5);
  context.font = figureFont(inks);
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  context.fillStyle = inks.ink3;
  for (const { x, text } of labels) context.fillText(text, x, bottom + 15);
}
