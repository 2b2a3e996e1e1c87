import type { Panel } from '#contracts/board/panel.ts';
import { isRecord } from '#contracts/is-record.ts';
import { ApiError, type Ask } from '../app/ask.ts';

/** Rows and columns of a panel that is added to a board. */
const SIZE = { w: 6, h: 3 };
/** How often a board that somebody else changes, or an id that somebody else takes, is tried again. */
const MOST_TRIES = 5;

const addressOf = (board: string): string => `/v1/boards/${encodeURIComponent(board)}`;
const isLost = (error: unknown): boolean => error instanceof ApiError && error.code === 'precondition_failed';

/** Adds a panel at the foot of a board, below what others have put there meanwhile. Returns the panel's id there. */
export async function addToBoard(ask: Ask, board: string, panel: Panel): Promise<string> {
  for (let tries = 1; ; tries++) {
    const { body, headers } = await ask(addressOf(board));
    const changed = withPanel(body, panel);
    try {
      const ifMatch = headers.get('etag') ?? undefined;
      await ask(addressOf(board), { method: 'PUT', body: changed.board, ifMatch });
      return changed.id;
    } catch (error) {
      if (!isLost(error) || tries === MOST_TRIES) throw error;
    }
  }
}

/** Makes a board with one panel, under an id made from its title that no other has. Returns both ids. */
export async function makeBoard(
  ask: Ask,
  title: string,
  panel: Panel,
): Promise<{ board: string; panel: string }> {
  const made = withPanel({ title, panels: [] }, panel);
  for (let tries = 1; ; tries++) {
    const board = tries === 1 ? idOf(title, 'board') : `${idOf(title, 'board')}-${tries}`;
    try {
      await ask(addressOf(board), { method: 'PUT', body: made.board, isNew: true });
      return { board, panel: made.id };
    } catch (error) {
      if (!isLost(error) || tries === MOST_TRIES) throw error;
    }
  }
}

/** Returns a board as it is stored with one more panel below the others, under an id that none of them has. */
export function withPanel(board: unknown, panel: Panel): { board: Record<string, unknown>; id: string } {
  if (!isRecord(board) || !Array.isArray(board.panels))
    throw new ApiError('There is no such board any more.');
  const places = board.panels.filter(isRecord).map(({ place }) => (isRecord(place) ? place : {}));
  const y = Math.max(0, ...places.map((place) => (Number(place.y) || 0) + (Number(place.h) || 0)));
  const taken = new Set(board.panels.filter(isRecord).map(({ id }) => id));
  const wanted = idOf(panel.view?.metric ?? '', 'panel');
  let id = wanted;
  for (let i = 2; taken.has(id); i++) id = `${wanted}-${i}`;
  return {
    board: { ...board, panels: [...board.panels, { ...panel, id, place: { x: 0, y, ...SIZE } }] },
    id,
  };
}

/** Letters, digits and dashes of a text, beginning with a letter. */
const idOf = (text: string, otherwise: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 40) || otherwise;
