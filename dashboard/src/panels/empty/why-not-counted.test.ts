import { expect, it } from 'vitest';
import { ok } from '#contracts/errors.ts';
import { dimensionText } from '#contracts/metric/dimension.ts';
import { parseMetric } from '#contracts/metric/metric.ts';
import type { TailRow } from '#contracts/view/protocol.ts';
import { exampleEvent } from './example-event.ts';
import { type CountingFacts, whyNotCounted } from './why-not-counted.ts';

const NOW = 1_800_000_000_000;
const facts = (definition: object = {}, more: Partial<CountingFacts> = {}): CountingFacts => {
  const whole = { event: 'tip', aggregate: 'sum(amount)', groupBy: ['shop'], lateness: '1m', ...definition };
  const metric = parseMetric('m', whole, { checkAggregate: ok, horizon: 1e12, stored: true });
  if (!metric.ok) throw new Error(metric.fault.message);
  return { metric: metric.value, filter: {}, watermark: NOW - 500, start: NOW - 900_000, ...more };
};
const row = (properties: Record<string, unknown>, more: Partial<TailRow> = {}): TailRow => ({
  time: NOW,
  event: 'tip',
  text: '',
  properties: Object.entries(properties).map(([name, value]): [string, string] => [
    name,
    dimensionText(value) ?? '…',
  ]),
  kinds: Object.values(properties)
    .map((value) =>
      value === null ? 'z' : ({ string: 's', number: 'n', boolean: 'b' }[typeof value as string] ?? 'o'),
    )
    .join(''),
  ...more,
});
const EUR = { where: { currency: ['EUR', 'CHF'], amount: { gt: 5 } } };

it.each([
  [row({}), facts(), 'skipped: amount is missing, a number is needed'],
  [row({ amount: '12' }), facts(), 'skipped: amount is the text "12", a number is needed'],
  [row({ amount: { v: 1 } }), facts(), 'skipped: amount is a list or object, a number is needed'],
  [row({ amount: 1, shop: [1] }), facts(), 'skipped: shop is a list or object, which cannot be a group'],
  [row({}), facts({ aggregate: 'distinct(user)' }), 'skipped: user is missing'],
  [row({ amount: 9 }), facts(EUR), 'filtered: currency is missing, counted is CHF, EUR'],
  [
    row({ amount: 9, currency: 'USD' }),
    facts(EUR),
    'filtered: currency is the text "USD", counted is CHF, EUR',
  ],
  [row({ amount: 5, currency: 'EUR' }), facts(EUR), 'filtered: amount is 5, counted is above 5'],
  [
    row({ amount: 5, shop: 'b' }),
    facts({}, { filter: { shop: 'a' } }),
    'filtered: shop is the text "b", counted is a',
  ],
  [
    row({ amount: 5, shop: 'a' }),
    facts({ where: { shop: { not: ['a', null] } } }),
    'filtered: shop is the text "a", counted is anything but none, a',
  ],
  [
    row({ amount: 5, plan: 'free' }),
    facts({ where: 'plan = pro or amount > 10' }),
    'filtered: amount is 5, plan is the text "free", counted is amount > 10 or plan = pro',
  ],
  [
    row({ amount: 5, plan: 'free' }),
    facts({ where: 'plan starts with p' }),
    'filtered: plan is the text "free", counted is plan starts with p',
  ],
  [
    row({ amount: 5 }, { time: NOW - 120_000 }),
    facts(),
    'late: more than 1 min behind the events that are counted by now',
  ],
  [
    row({ amount: 5 }, { time: NOW - 1_000_000 }),
    facts({ lateness: '1h' }),
    'older than what this panel shows',
  ],
  [
    row({}, { rejected: { code: 'wrong_type', message: 'amount: expected a number.' } }),
    facts(),
    'rejected: amount: expected a number.',
  ],
])('%#: says why an event that came does not count', (came, of, why) => {
  expect(whyNotCounted(came, of)?.text).toBe(why);
});

it('has one key for one cause, whatever the values', () => {
  const came = [{ amount: '12' }, { amount: '13' }, { amount: {} }, {}];
  const keys = came.map((properties) => whyNotCounted(row(properties), facts())?.key);
  expect(keys[0]).toBe(keys[1]);
  expect(new Set(keys).size).toBe(3);
  const usd = (currency: string) => whyNotCounted(row({ amount: 9, currency }), facts(EUR))?.key;
  expect(usd('USD')).toBe(usd('SEK'));
});

it.each([
  ['another name', row({}, { event: 'other' }), facts()],
  ['one that counts', row({ amount: 5 }), facts()],
  ['a row that is cut, of what it lacks', row({}, { cut: true }), facts(EUR)],
  ['what is inside an object', row({ cart: { total: 1 } }), facts({ aggregate: 'sum(cart.total)' })],
  ['a text that may be cut', row({ amount: 7, currency: 'E'.repeat(80) }), facts(EUR)],
  ['a row without properties', { time: NOW, event: 'tip', text: '' }, facts()],
  ['every name', row({}, { event: 'x' }), facts({ event: '*', aggregate: 'count' })],
])('says nothing of %s', (_, came, of) => {
  expect(whyNotCounted(came, of)).toBeNull();
});

it('has nothing to say against the event that an empty panel asks for', () => {
  for (const definition of [{}, EUR, { aggregate: 'distinct(user)' }, { where: { shop: null } }]) {
    const of = facts(definition);
    const event = exampleEvent(of.metric, of.filter)!;
    expect(whyNotCounted(row(event.properties ?? {}), of)).toBeNull();
  }
});
