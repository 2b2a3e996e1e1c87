import type { Panel } from '#contracts/board/panel.ts';

const STAT_ROW = '88px';
const CHART_ROW = 'minmax(88px, 1fr)';

/** The rows of the sheet as a grid template: 88 px where only stats stand, the others share what remains. */
export function sheetRows(panels: readonly Panel[]): string {
  const rows = Math.max(1, ...panels.map((p) => p.place.y + p.place.h));
  const tall = new Array<boolean>(rows).fill(false);
  for (const { kind, place } of panels)
    if (kind !== 'stat' || place.h > 1) for (let y = place.y; y < place.y + place.h; y++) tall[y] = true;
  return tall.map((t) => (t ? CHART_ROW : STAT_ROW)).join(' ');
}

/** Reading order: row by row, left to right; also the order on a phone. */
export const inReadingOrder = (panels: readonly Panel[]): Panel[] =>
  [...panels].sort((a, b) => a.place.y - b.place.y || a.place.x - b.place.x);

/** Where a panel's rules end: no rule at the right end of the sheet and under its last row. */
export function edgesOf(panel: Panel, panels: readonly Panel[]): { last: boolean; foot: boolean } {
  const rows = Math.max(...panels.map((p) => p.place.y + p.place.h));
  const { x, y, w, h } = panel.place;
  return { last: x + w === 12, foot: y + h === rows };
}
