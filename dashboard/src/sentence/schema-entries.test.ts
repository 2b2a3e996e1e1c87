import { expect, it } from 'vitest';
import { FAKE_SCHEMA } from '../../testing/fake-schema.ts';
import { FORMATS } from '../../testing/usual-formats.ts';
import {
  faultOfProperty,
  offerEvents,
  offerProperties,
  propertyEntries,
  rateText,
} from './schema-entries.ts';

const FACTS = FAKE_SCHEMA.events.find(({ event }) => event === 'checkout') ?? null;

it('offers events, the most frequent first, and keeps what was never seen', () => {
  expect(offerEvents(FAKE_SCHEMA, '', FORMATS).entries.map(({ text }) => text)).toEqual([
    'page_viewed',
    'checkout',
  ]);
  expect(offerEvents(FAKE_SCHEMA, 'chekout', FORMATS)).toMatchObject({
    fault: 'No event chekout was seen.',
    entries: [{ text: 'checkout' }, { text: 'chekout' }],
  });
  expect(offerEvents(null, 'order', FORMATS).entries).toEqual([{ text: 'order', about: 'as it is typed' }]);
});

it('puts properties that fit first, and says why others do not', () => {
  const numbers = propertyEntries(FACTS, 'number', FORMATS);
  expect(numbers[0]).toEqual({ text: 'duration_ms', about: 'number', value: '12 to 1,870' });
  expect(numbers.at(-1)).toMatchObject({ text: 'cart', refused: 'needs a number' });
  expect(propertyEntries(FACTS, 'text', FORMATS).find(({ text }) => text === 'country')).toMatchObject({
    value: 'over 44 different, in 64 %',
  });
});

it('says what is wrong with a property, and nothing where nothing is known', () => {
  expect(faultOfProperty(FACTS, 'country', 'number')).toBe('country is text: it needs a number.');
  expect(faultOfProperty(FACTS, 'cart', 'text')).toBe('cart is object: it has no text.');
  expect(faultOfProperty(FACTS, 'duration', 'number')).toContain('never seen in checkout');
  expect(faultOfProperty(FACTS, 'duration_ms', 'number')).toBeNull();
  expect(faultOfProperty(FACTS, '$key', 'text')).toBeNull();
  expect(faultOfProperty(null, 'anything', 'number')).toBeNull();
  expect(offerProperties(null, 'x', { wanted: 'number', numbers: FORMATS }).entries).toEqual([
    { text: 'x', about: 'as it is typed' },
  ]);
});

it('says rates in the unit in which they are easy to read', () => {
  expect([12, 0.5, 0.001, 0, null].map((rate) => rateText(rate, FORMATS))).toEqual([
    '12 /s',
    '30 /min',
    '3.60 /h',
    '0 /h',
    '',
  ]);
});
