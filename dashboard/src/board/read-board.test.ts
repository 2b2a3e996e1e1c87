import { expect, it } from 'vitest';
import type { Board } from '#contracts/board/board.ts';
import type { Panel } from '#contracts/board/panel.ts';
import { completeWindows, readBoard } from './read-board.ts';

const panel = (id: string, metric: string, window?: string): Panel => ({
  id,
  kind: 'line',
  title: id,
  place: { x: 0, y: 0, w: 6, h: 2 },
  view: window === undefined ? { metric } : { metric, window },
  outputs: [],
});
const boardOf = (...panels: Panel[]): Board => ({ id: 'b', title: 'B', panels });
const apiOf = (board: Board | null, window: string | null = '10s') => ({
  board: async () => structuredClone(board),
  metricWindow: async () => window,
});

it('returns the same object while nothing changed', async () => {
  const first = await readBoard('b', apiOf(boardOf(panel('p', 'm'))), null);
  expect(await readBoard('b', apiOf(boardOf(panel('p', 'm'))), first)).toBe(first);
});

it('keeps the panels that an edit elsewhere is not about', async () => {
  const first = await readBoard('b', apiOf(boardOf(panel('p', 'm', '1s'), panel('q', 'm', '1s'))), null);
  const edited = boardOf(panel('p', 'm', '1s'), panel('q', 'm', '5s'), panel('r', 'm', '1s'));
  const next = await readBoard('b', apiOf(edited), first);
  expect(next!.board.panels.map((p) => p.id)).toEqual(['p', 'q', 'r']);
  expect(next!.board.panels[0]).toBe(first!.board.panels[0]);
  expect(next!.board.panels[1]!.view!.window).toBe('5s');
});

it('looks again for the window of a metric that was not defined', async () => {
  const board = boardOf(panel('p', 'm'));
  const first = await readBoard('b', apiOf(board, null), null);
  expect(first!.board.panels[0]!.view!.window).toBeUndefined();
  expect(await readBoard('b', apiOf(board, null), first)).toBe(first);
  const next = await readBoard('b', apiOf(board, '1m'), first);
  expect(next!.board.panels[0]!.view!.window).toBe('1m');
});

it('says when there is no such board', async () => {
  expect(await readBoard('b', apiOf(null), null)).toBeNull();
});

const panelWith = (id: string, view: Panel['view']): Panel => ({
  id,
  kind: view === null ? 'tail' : 'line',
  title: '',
  place: { x: 0, y: 0, w: 1, h: 1 },
  view,
  outputs: [],
});

it('fills in the windows of metrics, asks for each once, and changes nothing else', async () => {
  const asked: string[] = [];
  const metricWindow = async (id: string): Promise<string | null> => {
    asked.push(id);
    return id === 'known' ? '30s' : null;
  };
  const views = [
    { metric: 'known' },
    { metric: 'known', window: '10s' },
    { metric: 'known' },
    { metric: 'gone' },
    null,
  ];
  const board: Board = { id: 'b', title: 'b', panels: views.map((view, i) => panelWith(`p${i}`, view)) };
  const done = await completeWindows(board, { metricWindow });
  expect(asked.sort()).toEqual(['gone', 'known']);
  expect(done.panels.map((p) => p.view?.window)).toEqual(['30s', '10s', '30s', undefined, undefined]);
});
