import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Budget, createBudgets, type Owner } from '#platform/limits/budgets.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import type { OpenView } from '../core/view/live-view.ts';
import { createViewAccounts } from './view-accounts.ts';

const openBudget = (): Budget =>
  createBudgets(createMetrics(false)).open({
    name: 'view_bytes',
    unit: 'bytes',
    most: 100_000,
    setting: 'ALL',
    shares: { connection: { most: 40_000, setting: 'CONNECTION' }, key: { most: 60_000, setting: 'KEY' } },
  });
const viewOf = (bytes: number) => ({ bytes }) as unknown as OpenView & { bytes: number };
const A: Owner = { key: 'a', connection: 'a1' };
const B: Owner = { key: 'b', connection: 'b1' };

it('ends the youngest view of an owner above its share, and leaves other owners alone', () => {
  const accounts = createViewAccounts(openBudget());
  const [old, young, other] = [viewOf(20_000), viewOf(10_000), viewOf(30_000)];
  accounts.retain(old, A);
  accounts.retain(young, A);
  accounts.retain(other, B);
  expect(accounts.count([old])).toBe(false);
  old.bytes = 35_000;
  expect(accounts.count([old])).toBe(true);
  expect(accounts.overdrawn([old])).toEqual([
    { view: young, fault: expect.objectContaining({ code: 'too_many_views' }) },
  ]);
  old.bytes = 41_000;
  accounts.count([old]);
  expect(accounts.overdrawn([old])).toEqual([
    { view: old, fault: expect.objectContaining({ code: 'view_too_large' }) },
  ]);
});

it('ends a view of the largest owner where all together are above the bound', () => {
  const accounts = createViewAccounts(openBudget());
  const owners: Owner[] = ['a', 'b', 'c', 'd'].map((key) => ({ key, connection: `${key}1` }));
  const views = [39_000, 20_000, 20_000, 20_000].map(viewOf);
  views.forEach((view, i) => {
    accounts.retain(view, owners[i]!);
  });
  views[3]!.bytes = 22_000;
  accounts.count([views[3]!]);
  expect(accounts.overdrawn([views[3]!])).toEqual([
    { view: views[0], fault: expect.objectContaining({ code: 'overloaded' }) },
  ]);
});

it('counts every open view on one account and nothing else, whatever the owners do', () => {
  const step = fc.record({
    do: fc.constantFrom('retain', 'release', 'grow', 'drop'),
    view: fc.nat(4),
    owner: fc.nat(2),
    bytes: fc.integer({ min: 1, max: 5_000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const budget = openBudget();
      const accounts = createViewAccounts(budget);
      const owners = [A, B, { key: 'b', connection: 'b2' }];
      const views = Array.from({ length: 5 }, () => viewOf(100));
      const open = new Set<OpenView>();
      for (const { do: what, view, owner, bytes } of steps) {
        const live = views[view]!;
        if (what === 'retain') {
          accounts.retain(live, owners[owner]!);
          open.add(live);
        } else if (what === 'release') accounts.release(live, owners[owner]!);
        else if (what === 'grow') {
          live.bytes = bytes;
          accounts.count([live]);
        } else {
          accounts.drop(live);
          open.delete(live);
        }
      }
      accounts.count(views);
      const sum = [...open].reduce((all, { bytes }) => all + bytes, 0);
      expect(budget.used).toBe(sum);
      expect(budget.usedBy('key', 'a') + budget.usedBy('key', 'b')).toBe(sum);
    }),
  );
});
