import { expect, it } from 'vitest';
import { createFakeAsk } from '../../testing/fake-ask.ts';
import { effectsOf, usesText } from './change-effects.ts';
import { type Draft, FRESH } from './draft.ts';
import { readCatalogue, usesOf } from './metric-list.ts';

const BEFORE: Draft = { ...FRESH, id: 'orders', event: 'checkout', by: 'country' };
const catalogue = await readCatalogue(createFakeAsk('live'));
const effects = (change: Partial<Draft>) =>
  effectsOf(BEFORE, { ...BEFORE, ...change }, { id: 'orders', catalogue, uses: usesOf('orders', catalogue) });

it('tells what is counted anew from what changes in place', () => {
  expect(effects({})).toEqual([]);
  expect(effects({ title: 'Orders', window: '1m' })).toEqual([
    { text: 'Changes the title, the window, at once; what is counted stays the same.', adverse: false },
  ]);
  const [first, second] = effects({ where: 'plan = pro' });
  expect(first?.text).toContain('Changes the filter: a new version is counted');
  expect(second?.text).toBe('1 board and 1 derived metric will show the new numbers.');
});

it('names the panels that lose a dimension', () => {
  expect(effects({ by: 'plan' })).toContainEqual({
    text: 'Without country, Orders on Storefront will show nothing.',
    adverse: true,
  });
  expect(effects({ by: 'country,plan' }).some(({ adverse }) => adverse)).toBe(false);
});

it('says what an expression in place of a count does', () => {
  expect(effects({ expression: 'a / b' })).toMatchObject([{ adverse: true }]);
});

it('counts uses in words', () => {
  expect(usesText({ boards: [], derived: ['a', 'b'] })).toBe('2 derived metrics');
});
