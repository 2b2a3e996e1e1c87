import { expect, it } from 'vitest';
import type { Board } from '#contracts/board/board.ts';
import type { Panel } from '#contracts/board/panel.ts';
import { completeWindows } from './complete-windows.ts';

const panel = (id: string, view: Panel['view']): Panel => ({
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
  const board: Board = { id: 'b', title: 'b', panels: views.map((view, i) => panel(`p${i}`, view)) };
  const done = await completeWindows(board, { metricWindow });
  expect(asked.sort()).toEqual(['gone', 'known']);
  expect(done.panels.map((p) => p.view?.window)).toEqual(['30s', '10s', '30s', undefined, undefined]);
});
