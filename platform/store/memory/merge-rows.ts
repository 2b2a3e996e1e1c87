import { compileGroupFilter, compileHiding } from '#contracts/filter/group-filter.ts';
import { compilePattern } from '#contracts/filter/match-pattern.ts';
import { isFilledIn, type PaneRow, type WindowRow } from '#contracts/log/rows.ts';
import { groupKey } from '#contracts/metric/dimension.ts';
import type { TierRow, WindowRange } from '../store.ts';
import type { StoreAggregate } from '../store-aggregate.ts';
import { windowsOfPane } from './windows-of-pane.ts';

type MergeScope = Pick<WindowRange, 'metric' | 'view' | 'form' | 'starts'>;
type Merged = { row: Omit<WindowRow, 'state'>; state: unknown };

/** Pane rows merged into windows in plain code: what `readWindows` returns, for the reference Store. Ordered as there. */
export function mergeRows(
  rows: readonly TierRow[],
  { metric, view, form, starts }: MergeScope,
  aggregate: StoreAggregate,
): WindowRow[] {
  const placeOf = (dimension: string) => metric.groupBy.indexOf(dimension);
  const kept = view.groupBy.map(placeOf);
  const admits = compileGroupFilter(view.where, placeOf, compilePattern);
  const hides = compileHiding(view, placeOf, compilePattern);
  const shownAs = (group: string[]): string[] | null => {
    const { shown } = view;
    if (shown === undefined || shown.groups.some((one) => groupKey(one) === groupKey(group))) return group;
    return shown.others === null ? null : [...shown.others];
  };
  const isAsked = (window: number) => starts === undefined || (window >= starts.from && window < starts.to);
  const merged = new Map<string, Merged>();
  for (const row of rows) {
    const isOther = hides(row.group);
    const group = admits(row.group) ? shownAs(kept.map((i) => row.group[i]!)) : null;
    if (group === null && !isOther) continue;
    for (const window of windowsOfPane(view.windows, row.pane).filter(isAsked)) {
      const into = windowRow(merged, window, group, aggregate);
      into.row.other ||= isOther;
      into.row.filled ||= isFilledIn(row.part);
      aggregate.merge(into.state, aggregate.decode(row.state));
    }
  }
  const encode = (state: unknown) =>
    form === 'reduced' && aggregate.reduced !== undefined
      ? aggregate.reduced.of(state, metric.aggregate)
      : aggregate.encode(state);
  return [...merged.values()]
    .map(({ row, state }) => ({ ...row, state: encode(state) }))
    .sort(compareWindows);
}

/** Returns the row of a window and group, a new one where there is none yet. */
function windowRow(
  merged: Map<string, Merged>,
  window: number,
  group: string[] | null,
  aggregate: Pick<StoreAggregate, 'create'>,
): Merged {
  const key = `${window} ${group && groupKey(group)}`;
  const known = merged.get(key);
  if (known !== undefined) return known;
  const made = { row: { window, group, other: false, filled: false }, state: aggregate.create() };
  merged.set(key, made);
  return made;
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
