import type { PaneRow, WindowRow } from '#contracts/log/rows.ts';
import type { Held } from './apply-updates.ts';
import type { MetricViews, ReadRequest } from './metric-views.ts';
import type { Steps } from './steps.ts';
import type { LiveView } from './view/live-view.ts';

/**
 * `mark`: the offset of the next record, as of which views that can answer already are told what a read has brought: clients at
 * this one get the change with it. `stride`: pieces of work between two turns of others.
 */
interface At {
  mark: () => number;
  stride: number;
}

/** Takes some rows of a read. */
export function* takeRows(
  { metrics, changed, stride }: Held,
  {
    request,
    rows,
    mark,
  }: { request: ReadRequest; rows: readonly (PaneRow | WindowRow)[]; mark: () => number },
): Steps {
  if (request.kind === 'windows') {
    yield* takeWindows(request.view, rows as readonly WindowRow[], { mark, stride });
    changed.add(request.view);
    return;
  }
  const of = metrics.get(request.metric, request.version);
  if (of === undefined) return;
  yield* takePanes(of, rows as readonly PaneRow[], { mark, stride });
  for (const view of of.views) changed.add(view);
}

/** Takes pane rows of a read, all parts of their groups. */
function* takePanes(of: MetricViews, rows: readonly PaneRow[], { mark, stride }: At): Steps {
  let worked = 0;
  for (const row of rows) {
    const { cell, newer } = of.hot.put(row);
    if (newer || row.part.startsWith('~')) {
      for (const view of of.views) if (view.floor !== null || view.filling) view.touch(cell, mark(), null);
      worked += of.views.size;
    }
    if (++worked < stride) continue;
    worked = 0;
    yield;
  }
}

/** Takes windows that the Store has merged for a view. */
function* takeWindows(view: LiveView, rows: readonly WindowRow[], { mark, stride }: At): Steps {
  let worked = 0;
  for (const row of rows) {
    view.put(row, mark());
    // The value of a large state takes as long as many small ones.
    worked += 20 + row.state.keys.length + row.state.counts.length;
    if (worked < stride) continue;
    worked = 0;
    yield;
  }
}
