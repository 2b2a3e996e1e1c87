import type { PaneRow } from '#contracts/rows.ts';
import type { MetricViews } from './metric-views.ts';

/**
 * Takes the rows of a read, all parts of all groups in its range. Views that can answer already are told as of `mark`,
 * the offset of the next record: clients at this one get the change with it.
 */
export function takeRows(of: MetricViews, rows: readonly PaneRow[], mark: number): void {
  const seen = new Set<string>();
  for (const row of rows) {
    const unfolded = of.hot.unfold(row);
    const { cell, newer } = of.hot.put(row);
    const name = `${cell.pane} ${cell.key}`;
    if (seen.has(name) || !(unfolded || newer || row.part.startsWith('~'))) continue;
    seen.add(name);
    for (const view of of.views) if (view.floor !== null) view.touch(cell, mark, null);
  }
}
