import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createByteBudget } from './byte-budget.ts';

describe('the budget of bytes', () => {
  it('gives one sender its share, all of them together no more than there is', () => {
    const budget = createByteBudget({ limit: 100, share: 40 }, () => {});
    expect(budget.acquire('a', 40)).toBe('acquired');
    expect(budget.acquire('a', 1)).toBe('sender full');
    expect(budget.acquire('b', 40)).toBe('acquired');
    expect(budget.acquire('c', 21)).toBe('full');
    expect(budget.acquire('c', 20)).toBe('acquired');
    budget.release('a', 40);
    expect(budget.acquire('c', 20)).toBe('acquired');
    expect(budget.used()).toBe(80);
  });

  it('lets in what is larger than the limit or the share where nothing else is held', () => {
    const budget = createByteBudget({ limit: 10, share: 5 }, () => {});
    expect(budget.acquire('a', 50)).toBe('acquired');
    expect(budget.acquire('a', 1)).toBe('full');
    budget.release('a', 50);
    expect(budget.acquire('a', 1)).toBe('acquired');
  });

  it('holds exactly what is acquired and not released, by sender and in all', () => {
    const step = fc.record({
      sender: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      bytes: fc.integer({ min: 1, max: 30 }),
      giveBack: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        let told = 0;
        const budget = createByteBudget({ limit: 100, share: 30 }, (used) => {
          told = used;
        });
        const held: { sender: string; bytes: number }[] = [];
        const sum = (of: string | null): number =>
          held.reduce((all, { sender, bytes }) => (of === null || of === sender ? all + bytes : all), 0);
        for (const { sender, bytes, giveBack } of steps) {
          if (giveBack) {
            const back = held.pop();
            if (back !== undefined) budget.release(back.sender, back.bytes);
            continue;
          }
          const fits = sum(null) + bytes <= 100 && sum(sender) + bytes <= 30;
          expect(budget.acquire(sender, bytes) === 'acquired').toBe(fits);
          if (fits) held.push({ sender, bytes });
          expect([budget.used(), told]).toEqual([sum(null), sum(null)]);
        }
      }),
    );
  });
});
