import { type View, viewText } from '#contracts/view/view.ts';
import { followEarlier, type HubState } from './apply-updates.ts';
import { DerivedView } from './derived/derived-view.ts';
import type { ExpandedMetric, FoldedMetric } from './derived/expand-derived.ts';
import type { HubStart } from './hub-start.ts';
import { historyBegin, stampView } from './metric-views.ts';
import { LiveView, type OpenView } from './view/live-view.ts';
import { sourceOf } from './view/view-source.ts';
import { FILL_PACE } from './view/window-values.ts';

/** The hub in which a view is opened. */
interface Opening {
  state: HubState;
  start: Pick<HubStart, 'idOf' | 'pace'>;
  /** The cursor offset now. */
  position: () => number;
}

/** Opens a view of a folded metric; `within`: the view that is computed from it. */
export function openLive(
  { state, start, position }: Opening,
  request: View,
  { key, version, metric, aggregate, within }: FoldedMetric & { key: string; within?: OpenView },
): LiveView {
  const { metrics, progress, backfills, wanted, empty, changed } = state;
  const entry = metrics.getOrCreate(request.metric, version);
  entry.definition = { metric, aggregate };
  const view: LiveView = new LiveView({
    id: start.idOf(viewText(request)),
    ...{ key, version, request, ...(within === undefined ? {} : { within }) },
    ...sourceOf(request, { hot: entry.hot, metric, aggregate, pace: start.pace ?? FILL_PACE }),
    filled: () => backfills.of(request.metric, version),
    begins: () => historyBegin(entry, progress.lowest('asOf'), view.range.align),
  });
  entry.views.add(view);
  empty.add(view);
  changed.add(view);
  const mark = position();
  const reach = progress.reach();
  if (reach !== null) view.advance(reach, mark);
  wanted.cover(entry, view, progress);
  followEarlier(state, entry, { view, mark });
  stampView(entry, view, { ...state, mark });
  return view;
}

/** Opens a view of a derived metric, with views of all that it is computed from. */
export const openDerived = (
  opening: Opening,
  request: View,
  of: { key: string; version: number; metric: ExpandedMetric },
): DerivedView =>
  new DerivedView({
    id: opening.start.idOf(viewText(request)),
    ...{ request, ...of, rankEvery: opening.state.rankEvery, position: opening.position },
    openPart: (asked, part, { view, key }) => openLive(opening, asked, { ...part, key, within: view }),
  });
