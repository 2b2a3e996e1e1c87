import type { Board } from '#contracts/board/board.ts';
import type { Api } from '../app/api.ts';

/** A board as it was put, and as the page shows it. */
export interface SeenBoard {
  raw: Board;
  board: Board;
}

/**
 * Reads a board again; null when there is none. What did not change stays the same object, so that an edit
 * elsewhere affects only its own panels. The browser revalidates by ETag: a look costs an empty answer.
 */
export async function readBoard(
  id: string,
  api: Pick<Api, 'board' | 'metricWindow'>,
  last: SeenBoard | null,
): Promise<SeenBoard | null> {
  const raw = await api.board(id);
  if (raw === null) return null;
  if (last !== null && isSame(last.raw, raw) && hasWindows(last.board)) return last;
  const board = await completeWindows(raw, api);
  if (last !== null && isSame(last.board, board)) return last;
  const known = new Map(last?.board.panels.map((panel) => [panel.id, panel]));
  const panels = board.panels.map((panel) => {
    const old = known.get(panel.id);
    return old !== undefined && isSame(old, panel) ? old : panel;
  });
  return { raw, board: { ...board, panels } };
}

/** A panel whose metric is not defined yet has no window, which is read again. */
const hasWindows = ({ panels }: Board): boolean =>
  panels.every(({ view }) => view === null || view.window !== undefined);

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * Returns the board with a window in every view: where a panel names none, its metric's own. Only with a window can the
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
