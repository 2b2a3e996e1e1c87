import type { PanelKind } from '#contracts/board/panel.ts';

/** The kinds of panels that are charts over time. */
export type ChartKind = 'line' | 'area' | 'bars';

/** The kind of chart that a panel is; null where it is none. */
export const chartKindOf = (kind: PanelKind): ChartKind | null =>
  kind === 'line' || kind === 'area' || kind === 'bars' ? kind : null;
