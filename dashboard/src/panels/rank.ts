import type { Panel } from '#contracts/panel.ts';

/** Orders the panels of a board: row by row. */
export const rankOf = ({ place }: Panel): number => place.y * 12 + place.x;
