import type { ViewContents } from '#contracts/view/frame.ts';
import type { ViewInfo } from '#contracts/view/view.ts';

export const VIEW = '00000000000000aa';

export const countsInfo: ViewInfo = {
  view: VIEW,
  metric: 'counts',
  version: 1,
  title: 'Counts',
  unit: '',
  better: null,
  outputs: ['count'],
  empty: 'zero',
  adds: 'windows',
  groupBy: [],
  window: 10_000,
  range: 900_000,
  pane: 1_000,
  events: ['count'],
};

/** The contents as plain data: window → value of the one series. */
export const countsOf = (contents: ViewContents): Record<number, number | null> => {
  const [series] = contents.series.values();
  return Object.fromEntries(
    [...(series?.cells ?? [])].map(([window, values]) => [window, values[0] ?? null]),
  );
};
