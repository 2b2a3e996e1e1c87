import { expect, it } from 'vitest';
import { FAKE_SCHEMA } from '../../testing/fake-schema.ts';
import { FRESH } from './draft.ts';
import { doubtsOf } from './draft-doubts.ts';

const FACTS = FAKE_SCHEMA.events.find(({ event }) => event === 'checkout') ?? null;
const DRAFT = { ...FRESH, event: 'checkout' };

it('doubts what was never seen or has another type, each once', () => {
  const draft = { ...DRAFT, aggregate: 'sum(country)', where: 'contry = DE', by: 'contry,country' };
  expect(doubtsOf(draft, FACTS)).toEqual([
    'country is text: it needs a number.',
    'contry was never seen in checkout. The nearest is country.',
  ]);
});

it('doubts nothing that fits, and nothing while nothing is known', () => {
  expect(doubtsOf({ ...DRAFT, aggregate: 'sum(amount)', by: 'country,$key' }, FACTS)).toEqual([]);
  expect(doubtsOf({ ...DRAFT, aggregate: 'sum(x)' }, null)).toEqual([]);
  expect(doubtsOf({ ...DRAFT, aggregate: 'sum(…)' }, FACTS)).toEqual([]);
  expect(doubtsOf({ ...DRAFT, expression: 'a / b', where: 'contry = 1' }, FACTS)).toEqual([]);
});
