import type { Board } from '#contracts/board/board.ts';
import type { Api } from '../app/api.ts';
import { completeWindows } from './complete-windows.ts';

/** A board as it was put, and as the page shows it. */
export interface SeenBoard {
  raw: Board;
  board: Board;
}

/**
 * Looks at a board once more; null when there is none. What did not change stays the same object, so that an edit
 * elsewhere touches only the panels it is about. The browser revalidates by ETag: a look costs an empty answer.
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

/** A panel whose metric is not defined yet has no window: it is looked for again. */
const hasWindows = ({ panels }: Board): boolean =>
  panels.every(({ view }) => view === null || view.window !== undefined);

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
