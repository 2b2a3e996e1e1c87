import { expect, it } from 'vitest';
import type { Panel } from '#contracts/board/panel.ts';
import { ApiError, type Ask, type Asked } from '../app/ask.ts';
import { addToBoard, makeBoard, withPanel } from './add-panel.ts';

const PANEL: Panel = {
  ...{ id: 'explore', kind: 'line', title: 'Orders', place: { x: 0, y: 0, w: 12, h: 8 } },
  ...{ view: { metric: 'orders' }, outputs: [] },
};

it('stands below the panels of a board, under an id of its own', () => {
  const first = withPanel({ title: 'Shop', panels: [] }, PANEL);
  expect(first).toMatchObject({
    id: 'orders',
    board: { title: 'Shop', panels: [{ place: { x: 0, y: 0, w: 6, h: 3 } }] },
  });
  const second = withPanel(first.board, PANEL);
  expect(second).toMatchObject({
    id: 'orders-2',
    board: { panels: [{}, { id: 'orders-2', place: { y: 3 } }] },
  });
  const damaged = { panels: [{ id: 'orders', place: { x: 6, y: 2, w: 6, h: 4 } }, { id: 'orders-2' }] };
  expect(withPanel(damaged, PANEL)).toMatchObject({
    ...{ id: 'orders-3', board: { panels: [{}, {}, { place: { y: 6 } }] } },
  });
  const view = { metric: '= 7 * (a / b)' };
  expect(withPanel({ panels: [] }, { ...PANEL, view }).id).toBe('a-b');
  expect(() => withPanel(null, PANEL)).toThrow('no such board');
});

/** A server that refuses the first so many changes, since others were first. */
function refusing(times: number): { ask: Ask; puts: [path: string, asked: Asked][] } {
  const puts: [string, Asked][] = [];
  const ask: Ask = async (path, asked = {}) => {
    if (asked.method === 'PUT' && puts.push([path, asked]) <= times)
      throw new ApiError('Changed meanwhile.', 'precondition_failed');
    return { status: 200, body: { panels: [] }, headers: new Headers({ etag: `"${puts.length}"` }) };
  };
  return { ask, puts };
}

it('adds to what somebody else has just saved, and gives up where that goes on', async () => {
  const { ask, puts } = refusing(1);
  expect(await addToBoard(ask, 'shop', PANEL)).toBe('orders');
  expect(puts.map(([, { ifMatch }]) => ifMatch)).toEqual(['"0"', '"1"']);
  await expect(addToBoard(refusing(9).ask, 'shop', PANEL)).rejects.toThrow('Changed meanwhile.');
});

it('makes a board under an id that no other has', async () => {
  const { ask, puts } = refusing(1);
  expect(await makeBoard(ask, 'Café & shop', PANEL)).toEqual({ board: 'caf-shop-2', panel: 'orders' });
  expect(puts.map(([path, { isNew }]) => [path, isNew])).toEqual([
    ['/v1/boards/caf-shop', true],
    ['/v1/boards/caf-shop-2', true],
  ]);
  expect(puts.at(-1)?.[1].body).toMatchObject({ title: 'Café & shop', panels: [{ id: 'orders' }] });
  expect((await makeBoard(refusing(0).ask, '売上', PANEL)).board).toBe('board');
});
