import type { ViewContents } from '#contracts/view/frame.ts';

/** Sum of the first output over all series and windows. */
export const totalOf = (contents: ViewContents): number =>
  [...contents.series.values()].flatMap((s) => [...s.cells.values()]).reduce((sum, [n]) => sum + (n ?? 0), 0);
