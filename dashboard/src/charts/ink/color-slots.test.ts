import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALIKE, separateAlike } from '../trace/choose-drawn.ts';
import type { Trace } from '../trace/trace.ts';
import { createColorSlots, SLOTS } from './color-slots.ts';

/** Up to four panels, each with up to eight of 24 keys. */
const key = fc.integer({ min: 0, max: 23 }).map((n) => `series ${n}`);
const board = fc.array(fc.uniqueArray(key, { minLength: 1, maxLength: SLOTS }), {
  minLength: 1,
  maxLength: 4,
});

/** The colours that a board has once its panels came in an order. */
function open(panels: readonly (readonly string[])[], order: readonly number[]): Record<string, number> {
  const slots = createColorSlots();
  const given = order.flatMap((i) =>
    slots.claim(`panel ${i}`, panels[i]!).map((slot, k) => [i, k, slot] as const),
  );
  return Object.fromEntries(given.map(([i, k, slot]) => [panels[i]![k]!, slot.number]));
}

describe('the colours of a board', () => {
  it('are the same in every load, in whatever order its panels and groups come', () => {
    fc.assert(
      fc.property(board, fc.infiniteStream(fc.nat()), (panels, random) => {
        const shuffle = <T>(all: readonly T[]): T[] =>
          all
            .map((one) => [random.next().value as number, one] as const)
            .sort(([a], [b]) => a - b)
            .map(([, one]) => one);
        const order = panels.map((_, i) => i);
        expect(open(panels.map(shuffle), shuffle(order))).toEqual(open(panels, order));
      }),
    );
  });

  it('are one a series in all panels, and differ within each', () => {
    fc.assert(
      fc.property(board, (panels) => {
        const slots = createColorSlots();
        const given = panels.map((keys, i) => slots.claim(`${i}`, keys));
        const byKey = new Map<string, unknown>();
        panels.forEach((keys, i) => {
          keys.forEach((one, k) => {
            expect(byKey.get(one) ?? given[i]![k]).toBe(given[i]![k]);
            byKey.set(one, given[i]![k]);
          });
          const numbers = given[i]!.map((slot) => slot.number).filter((n) => n > 0);
          expect(new Set(numbers).size).toBe(numbers.length);
        });
      }),
    );
  });

  it('of up to four series are the four that are the farthest apart', () => {
    fc.assert(
      fc.property(fc.uniqueArray(key, { minLength: 1, maxLength: 4 }), (keys) => {
        for (const { number } of createColorSlots().claim('panel', keys))
          expect(number).toBeLessThanOrEqual(4);
      }),
    );
  });

  it('leave none of up to eight series without one, though another panel shows some of them', () => {
    const some = fc.uniqueArray(key, { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(some, some, (a, b) => {
        expect(Object.values(open([a, b], [0, 1]))).not.toContain(0);
      }),
    );
  });

  it('stay while series come and go in an open board', () => {
    fc.assert(
      fc.property(board, fc.uniqueArray(key, { maxLength: 3 }), (panels, more) => {
        const slots = createColorSlots();
        const given = panels.map((keys, i) => slots.claim(`${i}`, keys));
        const elsewhere = new Set(panels.slice(1).flat());
        const fresh = more.filter((one) => !elsewhere.has(one));
        const kept = panels[0]!.slice(0, Math.max(1, SLOTS - fresh.length));
        const before = given.flat().map((slot) => slot.number);
        const version = slots.version;
        slots.claim('0', [...new Set([...fresh, ...kept])]);
        expect(slots.version).toBe(version);
        panels.forEach((keys, i) => {
          if (i > 0)
            expect(slots.claim(`${i}`, keys).map((s) => s.number)).toEqual(given[i]!.map((s) => s.number));
        });
        const still = kept.map((_, k) => given[0]![k]!.number);
        expect(still.filter((n) => n > 0)).toEqual(before.slice(0, kept.length).filter((n) => n > 0));
      }),
    );
  });

  it('are free again once no panel draws their series', () => {
    const slots = createColorSlots();
    const [one] = slots.claim('a', ['x']);
    const first = one!.number;
    slots.leave('a');
    expect(slots.claim('b', ['x'])[0]).not.toBe(one);
    expect(slots.claim('b', ['x'])[0]!.number).toBe(first);
  });

  it('call the ninth and later of one panel "other"', () => {
    const keys = Array.from({ length: 10 }, (_, i) => `s${i}`);
    const numbers = createColorSlots()
      .claim('panel', keys)
      .map((slot) => slot.number);
    expect([...numbers].sort()).toEqual([0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('change in the slots that were given out before, and raise the version', () => {
    const slots = createColorSlots();
    // Alone each takes what suits it best, so some of the eight must give way when all meet.
    const keys = Array.from({ length: 8 }, (_, i) => `s${i}`);
    const alone = keys.map((one, i) => slots.claim(`${i}`, [one])[0]!);
    const before = alone.map((slot) => slot.number);
    slots.claim('all', keys);
    expect(alone.map((slot) => slot.number)).not.toEqual(before);
    expect(slots.version).toBeGreaterThan(0);
  });
});

it('puts no two colours that are alike next to each other in a stack, and the rest on top', () => {
  const trace = (number: number): Trace => ({ slot: { number }, rest: number === 0 }) as Trace;
  // The others are taken once the first four are.
  const numbers = fc
    .subarray([5, 6, 7, 8], { minLength: 1 })
    .chain((more) => fc.shuffledSubarray([1, 2, 3, 4, ...more], { minLength: 4 + more.length }));
  fc.assert(
    fc.property(numbers, (order) => {
      const stack = separateAlike([...order, 0].map(trace)).map(({ slot }) => slot!.number);
      expect([...stack].sort()).toEqual([0, ...order].sort());
      expect(stack.at(-1)).toBe(0);
      for (let i = 1; i < stack.length; i++)
        for (const pair of ALIKE)
          expect([stack[i - 1], stack[i]].every((n) => pair.includes(n!))).toBe(false);
    }),
  );
  // What is apart already stays as it is.
  expect(separateAlike([4, 1, 3, 2].map(trace)).map(({ slot }) => slot!.number)).toEqual([4, 1, 3, 2]);
});
