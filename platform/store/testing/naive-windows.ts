import type { Aggregate } from '#aggregates/aggregate.ts';
import type { PaneRow, WindowRow } from '#contracts/log/rows.ts';
import type { State } from '#contracts/metric/state.ts';
import type { StoreWindows } from '#contracts/view/windows.ts';
import type { WindowRange } from '../store.ts';
import { judgeGroup, judgeHiding } from './naive-group-filter.ts';

/**
 * What a read of windows must return, the long way: window by window, over the rows that fall into it. An opinion of its own
 * beside the Stores, which go from rows to windows.
 */
export function naiveWindows(
  rows: readonly PaneRow[],
  { metric, view, form, starts }: Pick<WindowRange, 'metric' | 'view' | 'form' | 'starts'>,
  aggregate: Aggregate,
): WindowRow[] {
  const textOf = (row: PaneRow, dimension: string) => row.group[metric.groupBy.indexOf(dimension)]!;
  const isAdmitted = (row: PaneRow) => judgeGroup(view.where, (dimension) => textOf(row, dimension)) === true;
  const isHiding = (row: PaneRow) => judgeHiding(view, (dimension) => textOf(row, dimension));
  const stateOf = (some: readonly PaneRow[]): State => {
    const merged = aggregate.create();
    for (const { state } of some) aggregate.merge(merged, aggregate.decode(state));
    const isReduced = form === 'reduced' && aggregate.reduced !== undefined;
    return isReduced ? aggregate.reduced!.of(merged, metric.aggregate) : aggregate.encode(merged);
  };
  const found: WindowRow[] = [];
  for (const { start, end } of everyWindow(view.windows, rows)) {
    if (starts !== undefined && !(start >= starts.from && start < starts.to)) continue;
    const inside = rows.filter(({ pane }) => pane >= start && pane < end);
    const rowOf = (group: string[] | null, some: readonly PaneRow[]): WindowRow => ({
      window: start,
      group,
      other: some.some(isHiding),
      filled: some.some(({ part }) => part.startsWith('~')),
      state: stateOf(some),
    });
    const hidden = inside.filter((row) => !isAdmitted(row) && isHiding(row));
    if (hidden.length > 0) found.push(rowOf(null, hidden));
    const shown = Map.groupBy(inside.filter(isAdmitted), (row) =>
      JSON.stringify(view.groupBy.map((dimension) => textOf(row, dimension))),
    );
    const groups = [...shown].map(([group, some]) => rowOf(JSON.parse(group) as string[], some));
    found.push(...groups.sort((a, b) => compareBytes(a.group!, b.group!)));
  }
  return found;
}

/** All windows that may hold one of the rows, ascending. */
function everyWindow(windows: StoreWindows, rows: readonly PaneRow[]): { start: number; end: number }[] {
  if (windows.kind === 'list') {
    const { bounds } = windows;
    return bounds.slice(1).map((end, i) => ({ start: bounds[i]!, end }));
  }
  const { size, every, origin } = windows;
  const panes = rows.map(({ pane }) => pane);
  const found: { start: number; end: number }[] = [];
  const first = Math.floor((Math.min(...panes) - size - origin) / every);
  for (let i = first; origin + i * every <= Math.max(...panes); i++)
    found.push({ start: origin + i * every, end: origin + i * every + size });
  return found;
}

function compareBytes(a: readonly string[], b: readonly string[]): number {
  for (const [i, text] of a.entries()) {
    const order = Buffer.compare(Buffer.from(text), Buffer.from(b[i]!));
    if (order !== 0) return order;
  }
  return 0;
}
