import type { PaneRow, WindowRow } from '#contracts/log/rows.ts';
import type { LiveView } from '#gateway/core/view/live-view.ts';
import { mergeRows } from '#platform/store/memory/merge-rows.ts';

/** What the Store would return for a view of these rows. */
export function mergeForView(rows: readonly PaneRow[], { source, request }: LiveView): WindowRow[] {
  const { window, where, groupBy } = request;
  const windows = { kind: 'grid', size: window, every: window, origin: 0 } as const;
  return mergeRows(
    rows,
    { metric: source.metric, view: { windows, where, groupBy }, form: 'state' },
    source.aggregate,
  );
}
