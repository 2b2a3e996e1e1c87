import type { Board } from '#contracts/board/board.ts';
import type { Api } from '../app/api.ts';

/**
 * The board with a window in every view: where a panel names none, its metric's own. Only with a window can the
 * page ask for a range that the view can hold. A metric that does not exist is left to the gateway's refusal.
 */
export async function completeWindows(board: Board, api: Pick<Api, 'metricWindow'>): Promise<Board> {
  const open = new Set(
    board.panels.flatMap(({ view }) => (view && view.window === undefined ? [view.metric] : [])),
  );
  const known = new Map<string, string | null>();
  await Promise.all([...open].map(async (metric) => known.set(metric, await api.metricWindow(metric))));
  const panels = board.panels.map((panel) => {
    const window = panel.view === null ? null : known.get(panel.view.metric);
    if (panel.view === null || panel.view.window !== undefined || !window) return panel;
    return { ...panel, view: { ...panel.view, window } };
  });
  return { ...board, panels };
}
