import type { PaneRow, WindowRow } from '#contracts/log/rows.ts';
import { groupKey, OTHER } from '#contracts/metric/dimension.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import type { View } from '#contracts/view/view.ts';
import type { StoreAggregate } from '../store-aggregate.ts';

/** What pane rows are merged by. */
export interface MergeScope {
  metric: { groupBy: readonly string[] };
  aggregate: Pick<StoreAggregate, 'create' | 'merge' | 'decode' | 'encode'>;
}

/** Pane rows merged into a view's windows in plain code: what `readWindows` returns, for the reference Store. Ordered as there. */
export function mergeRows(
  rows: readonly PaneRow[],
  { metric, aggregate }: MergeScope,
  view: Pick<View, 'window' | 'groupBy' | 'where'>,
): WindowRow[] {
  const kept = view.groupBy.map((dimension) => metric.groupBy.indexOf(dimension));
  const admits = (group: readonly string[]) =>
    view.where.every(({ dimension, values }) => values.includes(group[metric.groupBy.indexOf(dimension)]!));
  const merged = new Map<string, { row: Omit<WindowRow, 'state'>; state: unknown }>();
  for (const row of rows) {
    const isOther = row.group.includes(OTHER);
    const admitted = admits(row.group);
    if (!admitted && !isOther) continue;
    const window = floorTo(row.pane, view.window);
    const group = admitted ? kept.map((i) => row.group[i]!) : null;
    const key = `${window} ${group && groupKey(group)}`;
    let into = merged.get(key);
    if (into === undefined) {
      into = { row: { window, group, other: false, filled: false }, state: aggregate.create() };
      merged.set(key, into);
    }
    into.row.other ||= isOther;
    into.row.filled ||= row.part.startsWith('~');
    aggregate.merge(into.state, aggregate.decode(row.state));
  }
  return [...merged.values()]
    .map(({ row, state }) => ({ ...row, state: aggregate.encode(state) }))
    .sort(compareWindows);
}

type PaneOrder = Pick<PaneRow, 'pane' | 'group' | 'part'>;
type WindowOrder = Pick<WindowRow, 'window' | 'group'>;

/** Rows by pane, group and part, as ClickHouse compares them. */
export const compareRows = (a: PaneOrder, b: PaneOrder): number =>
  a.pane - b.pane || compareTexts(a.group, b.group) || compareTexts([a.part], [b.part]);

/** By window, then group; groups that are not shown come first. */
export function compareWindows(a: WindowOrder, b: WindowOrder): number {
  if (a.window !== b.window) return a.window - b.window;
  if (a.group === null || b.group === null) return Number(b.group === null) - Number(a.group === null);
  return compareTexts(a.group, b.group);
}

/** By the bytes of their texts. */
function compareTexts(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = Buffer.compare(Buffer.from(a[i]!), Buffer.from(b[i]!));
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
