import { isFilledIn, type PaneRow, type WindowRow } from '#contracts/log/rows.ts';
import type { HubState } from './apply-updates.ts';
import type { MetricViews, ReadRequest, WindowsRead } from './metric-views.ts';
import type { Steps } from './steps.ts';

/**
 * `mark`: the offset of the next record. Views that can answer already change as of it, so that clients at the current offset
 * get the change. `stride`: pieces of work between two yields.
 */
interface At {
  mark: () => number;
  stride: number;
}

/** Applies rows of a read. */
export function* applyRows(
  { metrics, changed, stride }: HubState,
  {
    request,
    rows,
    form,
    mark,
  }: {
    request: ReadRequest;
    rows: readonly (PaneRow | WindowRow)[];
    form: 'state' | 'reduced';
    mark: () => number;
  },
): Steps {
  if (request.kind === 'windows') {
    yield* applyWindows(request, rows as readonly WindowRow[], { mark, stride, form });
    changed.add(request.view);
    return;
  }
  const entry = metrics.get(request.metric, request.version);
  if (entry === undefined) return;
  yield* applyPanes(entry, rows as readonly PaneRow[], { mark, stride });
  for (const view of entry.views) changed.add(view);
}

/** Applies pane rows: all parts of their groups. */
function* applyPanes(entry: MetricViews, rows: readonly PaneRow[], { mark, stride }: At): Steps {
  let worked = 0;
  for (const row of rows) {
    const { cell, newer } = entry.hot.put(row);
    if (newer || isFilledIn(row.part)) {
      for (const view of entry.views)
        if (view.floor !== null || view.filling) view.contents.touch(cell, mark(), null);
      worked += entry.views.size;
    }
    if (++worked < stride) continue;
    worked = 0;
    yield;
  }
}

/** Applies windows that the Store has merged for a view. */
function* applyWindows(
  { view, target }: WindowsRead,
  rows: readonly WindowRow[],
  { mark, stride, form }: At & { form: 'state' | 'reduced' },
): Steps {
  let worked = 0;
  for (const row of rows) {
    if (target === 'range') view.contents.put(row, { mark: mark(), form });
    else if (target === 'earlier') view.putEarlier(row, { mark: mark(), form });
    else view.rank(row, form);
    // The value of a large state takes as long as those of many small ones.
    worked += 20 + row.state.keys.length + row.state.counts.length;
    if (worked < stride) continue;
    worked = 0;
    yield;
  }
}
