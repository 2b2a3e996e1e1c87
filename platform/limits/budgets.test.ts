import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import { type BudgetSpec, createBudgets, type Owner } from './budgets.ts';

const SPEC: BudgetSpec = {
  name: 'view_bytes',
  unit: 'bytes',
  most: 100,
  setting: 'MILLRACE_ALL',
  shares: {
    connection: { most: 30, setting: 'MILLRACE_ONE' },
    key: { most: 50, setting: 'MILLRACE_KEY' },
  },
};

const open = () => {
  const metrics = createMetrics(false);
  const budgets = createBudgets(metrics);
  return { metrics, budgets, budget: budgets.open(SPEC) };
};

it('names the narrowest bound that would be exceeded, and what would fit', () => {
  const { budget } = open();
  expect(budget.acquire(25, { connection: 'a', key: 'k' })).toBeNull();
  expect(budget.acquire(10, { connection: 'a', key: 'k' })).toEqual({
    most: 30,
    setting: 'MILLRACE_ONE',
    scope: 'connection',
    free: 5,
    mayPass: true,
  });
  expect(budget.acquire(26, { connection: 'b', key: 'k' })).toMatchObject({ scope: 'key', free: 25 });
  expect(budget.acquire(31, { connection: 'b' })).toMatchObject({ scope: 'connection', mayPass: false });
  expect(budget.acquire(80)).toMatchObject({ scope: 'process', free: 75, mayPass: true });
  expect(budget.used).toBe(25);
});

it('lets what was granted grow beyond its bound, and says that it has', () => {
  const { budget } = open();
  budget.acquire(30, { connection: 'a' });
  expect(budget.shortage(0, { connection: 'a' })).toBeNull();
  budget.adjust(1, { connection: 'a' });
  expect(budget.shortage(0, { connection: 'a' })).toMatchObject({ scope: 'connection', free: 0 });
  expect(budget.shortage(0, { connection: 'b' })).toBeNull();
});

it('reports what is used, granted at most and refused', async () => {
  const { budget, budgets, metrics } = open();
  budgets.watch({ name: 'ids', unit: 'count', most: 5, setting: 'MILLRACE_IDS' }, () => 3);
  budget.acquire(20);
  budget.acquire(90);
  budgets.refused('ids');
  expect(budgets.report()).toEqual([
    { name: 'view_bytes', unit: 'bytes', setting: 'MILLRACE_ALL', most: 100, used: 20, refused: 1 },
    { name: 'ids', unit: 'count', setting: 'MILLRACE_IDS', most: 5, used: 3, refused: 1 },
  ]);
  const { text } = await metrics.expose();
  expect(text).toContain('millrace_budget_used{budget="view_bytes"} 20');
  expect(text).toContain('millrace_budget_limit{budget="ids"} 5');
  expect(text).toContain('millrace_budget_refused_total{budget="view_bytes",scope="process"} 1');
});

it('never grants beyond a bound, and forgets owners that hold nothing', () => {
  const amount = fc.integer({ min: 1, max: 40 });
  const owner = fc.record({ connection: fc.constantFrom('a', 'b', 'c'), key: fc.constantFrom('x', 'y') });
  fc.assert(
    fc.property(fc.array(fc.tuple(amount, owner, fc.boolean())), (steps) => {
      const { budget } = open();
      const held: { amount: number; owner: Owner }[] = [];
      for (const [size, of, gives] of steps) {
        const oldest = gives ? held.shift() : undefined;
        if (oldest !== undefined) budget.adjust(-oldest.amount, oldest.owner);
        else if (budget.acquire(size, of) === null) held.push({ amount: size, owner: of });
        expect(budget.used).toBe(held.reduce((sum, h) => sum + h.amount, 0));
        expect(budget.shortage(0, of)).toBeNull();
      }
      for (const h of held) budget.adjust(-h.amount, h.owner);
      expect(budget.used + budget.usedBy('connection', 'a') + budget.usedBy('key', 'x')).toBe(0);
    }),
  );
});
