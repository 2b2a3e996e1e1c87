import { expect, it } from 'vitest';
import { createColorSlots } from './color-slots.ts';

it('gives the order of the panels whatever order the views are answered in', () => {
  const slots = createColorSlots();
  const late = slots.claim('errors', 3, 0, 0);
  const first = slots.claim('orders', 1, 0, 20);
  const middle = slots.claim('latency', 2, 0, 40);
  expect([first.number, middle.number, late.number]).toEqual([1, 2, 3]);
  expect(slots.version).toBeGreaterThan(0);
});

it('keeps a colour once the board is open', () => {
  const slots = createColorSlots();
  const orders = slots.claim('orders', 2, 0, 0);
  const version = slots.version;
  expect(slots.claim('new', 1, 0, 5_000).number).toBe(2);
  expect(slots.claim('orders', 2, 0, 9_000)).toBe(orders);
  expect(orders.number).toBe(1);
  expect(slots.version).toBe(version);
});

it.each([0, 600])('calls the ninth and later of one panel "other", claimed %d ms apart', (apart) => {
  const slots = createColorSlots();
  const claimed = Array.from({ length: 10 }, (_, i) => slots.claim(`s${i}`, 0, i, i * apart));
  expect(claimed.map((s) => s.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 0, 0]);
});

it.each([0, 600])(
  'shares colours between panels before one is without, never within one, %d ms apart',
  (apart) => {
    const slots = createColorSlots();
    const claimed = Array.from({ length: 20 }, (_, i) =>
      slots.claim(`s${i}`, Math.floor(i / 5), i % 5, i * apart),
    );
    const numbers = claimed.map((s) => s.number);
    expect(numbers.slice(0, 8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    for (let panel = 0; panel < 4; panel++) {
      const own = numbers.slice(panel * 5, panel * 5 + 5);
      expect(new Set(own).size).toBe(5);
      expect(own).not.toContain(0);
    }
  },
);

it('frees the slot of a key that no panel draws any more', () => {
  const slots = createColorSlots();
  slots.claim('a', 0, 0, 0);
  slots.claim('b', 0, 1, 0);
  slots.claim('a', 1, 0, 5_000);
  slots.release('a', 0);
  expect(slots.claim('c', 0, 2, 6_000).number).toBe(3);
  slots.release('a', 1);
  expect(slots.claim('d', 0, 3, 7_000).number).toBe(1);
  slots.release('never claimed', 0);
});
