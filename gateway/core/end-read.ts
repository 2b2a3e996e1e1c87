import { applyRanking, followEarlier, type HubState } from './apply-updates.ts';
import { concerns, endRead, type MetricViews, type ReadRequest, stampView } from './metric-views.ts';
import type { LiveView } from './view/live-view.ts';

/** All rows of a read have been applied: its views go on, as of `mark`. */
export function applyEnd(
  state: HubState,
  entry: MetricViews,
  { request, mark }: { request: ReadRequest; mark: number },
): void {
  endRead(entry, request);
  if (request.kind === 'windows' && request.target === 'ranking')
    applyRanking(state, entry, request.view, mark);
  for (const view of request.kind === 'windows' ? [request.view] : entry.views) {
    state.changed.add(view);
    followEarlier(state, entry, { view, mark });
    stampView(entry, view, { ...state, mark });
  }
}

/** A read is given up: returns the views that cannot do without it. */
export function applyFailure(entry: MetricViews, request: ReadRequest): LiveView[] {
  endRead(entry, request);
  if (request.kind === 'panes') return [...entry.views].filter((view) => concerns(request, view));
  // Which groups are the highest is asked again; those of the last time are shown meanwhile.
  return request.target === 'ranking' && request.view.top?.members ? [] : [request.view];
}
