import type { Panel } from '#contracts/panel.ts';

/** Orders the traces of a board: panels row by row, the traces of a panel as they are drawn. */
export const rankOf = ({ place }: Panel, trace: number): number =>
  (place.y * 12 + place.x) * 1_000 + Math.min(trace, 999);
