/** CSS pixels: of the narrowest and of the usual, and which share of the panel between and beyond them. */
const LEAST = 92;
const USUAL = 132;
const MOST = 200;
const NARROW_SHARE = 0.3;
const WIDE_SHARE = 0.15;

/**
 * Room for the labels right of a plot, CSS pixels. It follows from the width of the panel alone: a label that comes or
 * goes, a longer name or a digit more does not move the plot. Names that find no room are cut.
 */
export function gutterOf(width: number): number {
  if (width === Number.POSITIVE_INFINITY) return MOST;
  const narrow = Math.min(USUAL, Math.max(LEAST, width * NARROW_SHARE));
  const room = Math.min(MOST, Math.max(narrow, width * WIDE_SHARE));
  return Math.floor(Math.min(room, width / 2) / 4) * 4;
}

/** What the figures of the y axis take, as a rule. */
const AXIS = 40;

/** About how wide the plot of a chart is. */
export const plotWidthOf = (width: number): number => Math.max(0, width - AXIS - gutterOf(width));
