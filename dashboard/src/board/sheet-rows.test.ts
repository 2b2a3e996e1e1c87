import { expect, it } from 'vitest';
import type { Panel } from '#contracts/board/panel.ts';
import { edgesOf, inReadingOrder, sheetRows } from './sheet-rows.ts';

const panel = (id: string, kind: Panel['kind'], x: number, y: number, w: number, h: number): Panel => ({
  id,
  kind,
  title: id,
  place: { x, y, w, h },
  view: null,
  outputs: [],
});
const PANELS = [
  panel('tail', 'tail', 6, 1, 6, 2),
  panel('stat', 'stat', 0, 0, 12, 1),
  panel('line', 'line', 0, 1, 6, 2),
];

it('gives 88 px to rows of stats and shares the rest', () => {
  expect(sheetRows(PANELS)).toBe('88px minmax(88px, 1fr) minmax(88px, 1fr)');
});

it('orders panels as they are read', () => {
  expect(inReadingOrder(PANELS).map((p) => p.id)).toEqual(['stat', 'line', 'tail']);
});

it('ends rules at the right and at the foot of the sheet', () => {
  expect(PANELS.map((p) => edgesOf(p, PANELS))).toEqual([
    { last: true, foot: true },
    { last: true, foot: false },
    { last: false, foot: true },
  ]);
});
