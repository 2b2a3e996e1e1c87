import { expect, it } from 'vitest';
import { ApiError, type Ask, type Asked } from '../app/ask.ts';
import { addToBoard, saveMetric, withPanel } from './metric-requests.ts';

const place = { x: 6, y: 2, w: 6, h: 4 };

it('puts a panel below all others, under an id of its own', () => {
  const board = {
    id: 'shop',
    title: 'Shop',
    panels: [{ id: 'orders', kind: 'line', place }, { id: 'orders_2' }],
  };
  expect(withPanel(board, { id: 'orders', title: 'Orders' })).toMatchObject({
    title: 'Shop',
    panels: [{}, {}, { id: 'orders_3', place: { x: 0, y: 6, w: 6, h: 3 }, view: { metric: 'orders' } }],
  });
  expect(withPanel({}, { id: 'a', title: 'A' })).toMatchObject({ panels: [{ place: { y: 0 } }] });
});

it('adds to what somebody else has just saved', async () => {
  const puts: Asked[] = [];
  const ask: Ask = async (_, asked = {}) => {
    if (asked.method === 'PUT' && puts.push(asked) === 1)
      throw new ApiError('Changed meanwhile.', 'precondition_failed');
    return { status: 200, body: { panels: [] }, headers: new Headers({ etag: `"${puts.length}"` }) };
  };
  await addToBoard(ask, 'shop', { id: 'a', title: 'A' });
  expect(puts.map(({ ifMatch }) => ifMatch)).toEqual(['"0"', '"1"']);
});

it('says which of two things a lost race is', async () => {
  const ask: Ask = async () => {
    throw new ApiError('If-Match names …', 'precondition_failed');
  };
  await expect(saveMetric(ask, 'a', {}, undefined)).rejects.toThrow('There is a metric a already.');
  await expect(saveMetric(ask, 'a', {}, '"1"')).rejects.toThrow('Somebody else has changed it');
});
