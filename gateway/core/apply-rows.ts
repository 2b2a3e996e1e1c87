import type { PaneRow, WindowRow } from '#contracts/log/rows.ts';
import type { HubState } from './apply-updates.ts';
import type { MetricViews, ReadRequest } from './metric-views.ts';
import type { Steps } from './steps.ts';
import type { LiveView } from './view/live-view.ts';

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
    mark,
  }: { request: ReadRequest; rows: readonly (PaneRow | WindowRow)[]; mark: () => number },
): Steps {
  if (request.kind === 'windows') {
    yield* applyWindows(request.view, rows as readonly WindowRow[], { mark, stride });
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
    if (newer || row.part.startsWith('~')) {
      for (const view of entry.views) if (view.floor !== null || view.filling) view.touch(cell, mark(), null);
      worked += entry.views.size;
    }
    if (++worked < stride) continue;
    worked = 0;
    yield;
  }
}

/** Applies windows that the Store has merged for a view. */
function* applyWindows(view: LiveView, rows: readonly WindowRow[], { mark, stride }: At): Steps {
  let worked = 0;
  for (const row of rows) {
    view.put(row, mark());
    // The value of a large state takes as long as those of many small ones.
    worked += 20 + row.state.keys.length + row.state.counts.length;
    if (worked < stride) continue;
    worked = 0;
    yield;
  }
}
