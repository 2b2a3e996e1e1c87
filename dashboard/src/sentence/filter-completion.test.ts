import { expect, it } from 'vitest';
import { FAKE_SCHEMA } from '../../testing/fake-schema.ts';
import { FORMATS } from '../../testing/usual-formats.ts';
import { beginOf, offerFilter, tidyCondition } from './filter-completion.ts';
import { faultOfFilter } from './filter-parts.ts';

const FACTS = FAKE_SCHEMA.events.find(({ event }) => event === 'checkout') ?? null;
const offer = (typed: string) => offerFilter(typed, FACTS, FORMATS);
const texts = (typed: string) => offer(typed).entries.map(({ text }) => text);

it('offers properties, then operators, then values with their rate and share', () => {
  expect(offer('').entries[0]).toMatchObject({ text: 'duration_ms', goesOn: 'duration_ms ' });
  expect(offer('coun').entries[0]).toMatchObject({ text: 'country', goesOn: 'country ' });
  expect(offer('country ').entries[0]).toMatchObject({ text: 'country =', goesOn: 'country = ' });
  expect(offer('country = ').entries.slice(0, 2)).toEqual([
    { text: 'country = DE', value: '3.64 /s', share: '34 %' },
    { text: 'country = FR', value: '2.57 /s', share: '24 %' },
  ]);
  expect(texts('country = D')).toEqual(['country = DE', 'country = DK', 'country = D']);
  expect(texts('country != ').at(-1)).toBe('country != null');
});

it('keeps in the list what cannot be chosen, with the reason', () => {
  const above = offer('country ').entries.find(({ text }) => text === 'country >');
  expect(above).toMatchObject({ refused: 'needs a number' });
  expect(offer('cart').entries[0]).toMatchObject({ text: 'cart', refused: 'object has no text' });
});

it('writes what needs quotes with them', () => {
  expect(offer('payment').entries[0]).toMatchObject({ goesOn: '"payment method" ' });
  expect(texts('"payment method" = ')[0]).toBe('"payment method" = card');
  expect(texts('zip = 1')[0]).toBe('zip = "1.0"');
  expect(texts('country = New York')).toEqual(['country = "New York"']);
});

it('takes a list with commas, an open list and a whole condition', () => {
  expect(texts('country = DE, DK')).toEqual(['country in (DE, DK)']);
  expect(texts('country != DE, New York')).toEqual(['country not in (DE, "New York")']);
  expect(tidyCondition('country in (DE, ')).toBe('country in (DE)');
  expect(texts('amount > 10')).toEqual(['amount > 10']);
  expect(texts('amount > 10 or country = DE')).toEqual(['amount > 10 or country = DE']);
});

it('says what was never seen, with the nearest names, and keeps it where it is wanted', () => {
  const { entries, fault } = offer('contry');
  expect(fault).toBe('contry was never seen in checkout.');
  expect(entries.map(({ text }) => text)).toEqual(['country', 'contry']);
  expect(texts('contry = DE')).toEqual(['country = DE', 'contry = DE']);
  expect(offer('contry = ').entries[0]).toMatchObject({ goesOn: 'country = ' });
  expect(offer('contry = DE').fault).toBe('contry was never seen in checkout. The nearest is country.');
});

it('offers only conditions that can be read, wherever one is taken', () => {
  for (const typed of [
    '',
    'c',
    'country ',
    'country = ',
    'zip = ',
    'amount > ',
    'country = "',
    'country = and',
    'x in (',
  ]) {
    for (const { text, goesOn, refused } of offer(typed).entries)
      if (goesOn === undefined && refused === undefined) expect(faultOfFilter(text), text).toBeNull();
  }
});

it('begins a condition at its value', () => {
  expect(beginOf('country = DE')).toBe('country = ');
  expect(beginOf('"payment method" != card')).toBe('"payment method" != ');
  expect(beginOf('amount > 10')).toBe('amount > 10');
  expect(beginOf('a = 1 or b = 2')).toBe('a = 1 or b = 2');
});
