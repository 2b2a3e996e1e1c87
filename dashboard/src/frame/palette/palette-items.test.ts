import { expect, it } from 'vitest';
import type { RoomEntry } from '../room.ts';
import { findItems, type Item, MOST_FOUND, paletteItems } from './palette-items.ts';

const ROOMS: RoomEntry[] = [
  { name: 'System', icon: 'system', key: 'S', place: { room: 'system' }, holds: [], last: false },
];
const BOARDS = [
  {
    id: 'shop',
    title: 'Storefront',
    panels: [
      { id: 'p99', title: 'Checkout p99', metric: 'checkout_latency' },
      { id: 'lines', title: 'Latency', metric: 'checkout_latency' },
      { id: 'orders', title: '', metric: 'orders' },
    ],
  },
];
const FACTS = { timed: true, live: true, letters: true };
const items = paletteItems(ROOMS, BOARDS, FACTS);
const names = (typed: string, recent: string[] = [], of: Item[] = items): string[] =>
  findItems(of, typed, recent).map(({ item, kind }) => `${kind}: ${item.name}`);

it('finds a metric by its name, and leads to the first panel that shows it', () => {
  const found = findItems(items, 'checkout_l', []).find(({ kind }) => kind === 'Metrics');
  expect(found!.item).toMatchObject({
    name: 'checkout_latency',
    about: 'Checkout p99 on Storefront',
    choice: { to: { room: 'board', board: 'shop' }, panel: 'p99' },
  });
});

it('finds words beside the name, after what has them in it', () => {
  expect(names('storefront').slice(0, 2)).toEqual(['Boards: Storefront', 'Panels: Checkout p99']);
  expect(names('orders storefront')).toEqual(['Metrics: orders']);
  expect(names('latency storefront')).toEqual(['Panels: Latency', 'Metrics: checkout_latency']);
  expect(names('nothing like it')).toEqual([]);
});

it('leaves out what is alike by chance, beside what has the word', () => {
  expect(names('lat')).toEqual(['Panels: Latency', 'Metrics: checkout_latency']);
  expect(names('lst')).toContain('Do: Show the last 1 min');
});

it('finds only what can be done after a >', () => {
  expect(names('>').every((name) => name.startsWith('Do: '))).toBe(true);
  expect(names('> dark')).toEqual(['Do: Theme: ink']);
});

it('begins with what was chosen before, each once, and forgets what is gone', () => {
  const list = names('', ['do:Pause', 'board:gone', 'page:/system']);
  expect(list.slice(0, 3)).toEqual(['Recent: Pause', 'Recent: System', 'Boards: Storefront']);
  expect(list.filter((name) => name.endsWith('Pause'))).toHaveLength(1);
  expect(names('theme', ['do:Theme: as the system'])[0]).toBe('Do: Theme: as the system');
});

it('offers what acts on the page as it is', () => {
  const paused = paletteItems([], [], { ...FACTS, live: false });
  expect(names('pause', [], paused)).toEqual([]);
  expect(names('live', [], paused)).toEqual(['Do: Back to live']);
  expect(names('last', [], paletteItems([], [], { ...FACTS, timed: false }))).toEqual([]);
});

it('lists no more than can be looked through', () => {
  const many = Array.from({ length: 5_000 }, (_, i) => ({ id: `b${i}`, title: `Board ${i}`, panels: [] }));
  expect(names('board', [], paletteItems([], many, FACTS))).toHaveLength(MOST_FOUND);
});
