import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type Draft,
  definitionOf,
  draftOf,
  FRESH,
  faultsOf,
  joinList,
  readDraft,
  splitList,
  suggestId,
  writeDraft,
} from './draft.ts';

const SAVED = {
  ...{
    id: 'paying',
    title: 'Paying',
    event: 'checkout',
    where: { plan: ['pro', 'team'], amount: { gt: 0 } },
  },
  ...{ aggregate: 'p99(amount)', groupBy: ['country'], window: '10s', pane: '1s', lateness: '1m' },
  ...{ retention: { '1s': '2d' }, better: 'lower' },
};
const READY: Draft = { ...FRESH, event: 'checkout' };

it('says a saved definition, and sends it as it was', () => {
  const draft = draftOf(SAVED);
  expect(draft).toMatchObject({
    event: 'checkout',
    where: 'amount > 0 and plan in (pro, team)',
    by: 'country',
  });
  const { id: _, ...rest } = SAVED;
  expect(definitionOf(draft, SAVED)).toEqual(rest);
});

it('leaves the pane to the server where the window is another', () => {
  expect(definitionOf({ ...draftOf(SAVED), window: '7s' }, SAVED)).not.toHaveProperty('pane');
});

it('sends several events as a list, and every one as a star', () => {
  expect(definitionOf({ ...READY, event: 'a,b' }, null)).toMatchObject({ event: ['a', 'b'] });
  expect(definitionOf({ ...READY, event: '*' }, null)).toMatchObject({ event: '*' });
});

it('keeps in the address what differs from what is saved, and nothing else', () => {
  const text = fc.record(Object.fromEntries(Object.keys(FRESH).map((name) => [name, fc.string()])));
  fc.assert(
    fc.property(text, text, (a, b) => {
      const [base, draft] = [
        { ...FRESH, ...a },
        { ...FRESH, ...b },
      ];
      expect(readDraft(base, writeDraft(draft, base))).toEqual(draft);
      expect(writeDraft(base, base)).toEqual({});
    }),
  );
});

it('reads back every list of names', () => {
  const name = fc.string({ minLength: 1 });
  fc.assert(
    fc.property(fc.array(name), (names) => {
      expect(splitList(joinList(names))).toEqual(names);
    }),
  );
  expect(joinList(['country', 'plan'])).toBe('country,plan');
  expect(joinList(['a,b', 'c'])).toBe('["a,b","c"]');
});

it('says what a draft lacks, and what is wrong with it', () => {
  expect(faultsOf(FRESH)).toEqual([{ slot: 'event', text: 'Choose an event.', unfinished: true }]);
  expect(faultsOf({ ...READY, aggregate: 'sum(…)' })).toMatchObject([{ slot: 'what', unfinished: true }]);
  expect(faultsOf({ ...READY, where: 'a ==' })).toMatchObject([{ slot: 'where' }]);
  expect(faultsOf({ ...READY, window: 'soon' })).toMatchObject([{ slot: 'window' }]);
  expect(faultsOf({ ...READY, expression: 'a +' })).toMatchObject([{ slot: 'expression' }]);
  expect(faultsOf({ ...FRESH, expression: 'a / b' })).toEqual([]);
  expect(faultsOf(READY)).toEqual([]);
});

it('sends what is computed without what is counted', () => {
  const draft = { ...READY, expression: 'errors / requests * 100', unit: '%', window: '' };
  expect(definitionOf(draft, null)).toEqual({ expression: 'errors / requests * 100', unit: '%' });
});

it('suggests a name that is free', () => {
  const draft = { ...READY, aggregate: 'sum(amount)', by: 'country' };
  expect(suggestId(draft, new Set())).toBe('checkout_sum_amount_by_country');
  expect(suggestId(draft, new Set(['checkout_sum_amount_by_country']))).toBe(
    'checkout_sum_amount_by_country_2',
  );
  expect(suggestId({ ...READY, event: 'Größe!' }, new Set())).toMatch(/^[a-z0-9_]+$/);
});
