import { expect, it } from 'vitest';
import { createColorSlots } from './color-slots.ts';

it('gives the order of the panels whatever order the views are answered in', () => {
  const slots = createColorSlots();
  const late = slots.claim('errors', 3_000, 0);
  const first = slots.claim('orders', 1_000, 20);
  const middle = slots.claim('latency', 2_000, 40);
  expect([first.number, middle.number, late.number]).toEqual([1, 2, 3]);
  expect(slots.version).toBeGreaterThan(0);
});

it('keeps a colour once the board is open', () => {
  const slots = createColorSlots();
  const orders = slots.claim('orders', 2_000, 0);
  const version = slots.version;
  expect(slots.claim('new', 1_000, 5_000).number).toBe(2);
  expect(slots.claim('orders', 2_000, 9_000)).toBe(orders);
  expect(orders.number).toBe(1);
  expect(slots.version).toBe(version);
});

it('calls the ninth and later "other"', () => {
  const slots = createColorSlots();
  const numbers = Array.from({ length: 10 }, (_, i) => slots.claim(`s${i}`, i, i * 600)).map((s) => s.number);
  expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 0, 0]);
});
