import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ok } from '#contracts/errors.ts';
import { compileFilter } from '#contracts/filter/compile-filter.ts';
import { compilePattern } from '#contracts/filter/match-pattern.ts';
import { readPath } from '#contracts/metric/dimension.ts';
import { type Metric, parseMetric } from '#contracts/metric/metric.ts';
import { conditionsOf, exampleEvent, needsNumber, quoteForShell } from './example-event.ts';

const ENVELOPE = { event: 'e', id: null, key: null, ts: 0 };

const metricOf = (definition: object): Metric => {
  const read = parseMetric('m', definition, { checkAggregate: ok, horizon: 1e12, stored: true });
  if (!read.ok) throw new Error(read.fault.message);
  return read.value;
};
const example = (definition: object, filter = {}) => exampleEvent(metricOf(definition), filter);

describe('the event that an empty panel asks for', () => {
  it.each([
    [{ event: 'tip', aggregate: 'count' }, { event: 'tip' }],
    [{ event: '*', aggregate: 'count' }, { event: 'checkout' }],
    [{ event: ['b', 'a'], aggregate: 'count' }, { event: 'a' }],
    [
      { event: ['paid', 'view'], aggregate: 'funnel(1h, $event = view and page = /cart, $event = paid)' },
      { event: 'view', key: 'example', properties: { page: '/cart' } },
    ],
    [
      { event: 'tip', aggregate: 'sum(amount)' },
      { event: 'tip', properties: { amount: 42.5 } },
    ],
    [
      { event: 'tip', aggregate: 'quantiles("Price (EUR)", 0.5)', groupBy: ['shop'] },
      { event: 'tip', properties: { shop: 'example', 'Price (EUR)': 42.5 } },
    ],
    [
      { event: 'tip', aggregate: 'count', where: { currency: ['EUR', 'USD'], open: true, table: 7 } },
      { event: 'tip', properties: { currency: 'EUR', open: true, table: 7 } },
    ],
    [
      { event: 'tip', aggregate: 'sum(amount)', where: { amount: { gt: 100 } } },
      { event: 'tip', properties: { amount: 101 } },
    ],
    [
      { event: 'tip', aggregate: 'count', where: { user: null, mode: { not: ['test', null] } } },
      { event: 'tip', properties: { mode: 'example' } },
    ],
    [
      { event: 'tip', aggregate: 'count', where: { share: { gt: 0.1, lt: 0.2 } } },
      { event: 'tip', properties: { share: 0.15000000000000002 } },
    ],
    [
      {
        event: 'tip',
        aggregate: 'count',
        where: '(a > 5 and a < 3) or path starts with /docs and path contains x',
      },
      { event: 'tip', properties: { path: '/docsx' } },
    ],
    [
      { event: 'tip', aggregate: 'count', where: 'not (plan = pro or amount <= 7) and user exists' },
      { event: 'tip', properties: { amount: 42.5, plan: 'example', user: 'example' } },
    ],
    [
      { event: 'tip', aggregate: 'retention(1d, 7)' },
      { event: 'tip', key: 'example' },
    ],
    [
      { event: 'tip', aggregate: 'increase(total)' },
      { event: 'tip', key: 'example', properties: { total: 42.5 } },
    ],
    [
      { event: 'tip', aggregate: 'sessions(30m)' },
      { event: 'tip', key: 'example' },
    ],
    [
      { event: 'tip', aggregate: 'distinct(user)', where: { user: 'u_1' } },
      { event: 'tip', properties: { user: 'u_1' } },
    ],
  ])('of %j', (definition, event) => {
    expect(example(definition)).toEqual(event);
  });

  it('passes the filter of the view, too', () => {
    const metric = { event: 'tip', aggregate: 'sum(amount)', groupBy: ['shop', 'country'] };
    expect(example(metric, { country: ['DE', 'FR'] })?.properties).toEqual({
      country: 'DE',
      shop: 'example',
      amount: 42.5,
    });
  });

  it('is none where nothing can be counted', () => {
    expect(example({ event: 'tip', aggregate: 'count', where: { n: { gt: 5, lt: 3 } } })).toBeNull();
    expect(example({ event: 'tip', aggregate: 'sum(n)', where: { n: 'many' } })).toBeNull();
    const metric = { event: 'tip', aggregate: 'count', where: { shop: 'a' }, groupBy: ['shop'] };
    expect(example(metric, { shop: 'b' })).toBeNull();
  });

  it('is counted, whatever is asked for', () => {
    const path: fc.Arbitrary<string> = fc.constantFrom('a', 'b', 'c.d', 'a.b', 'Price (EUR)', '__proto__');
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const bound = fc.oneof(fc.integer(), fc.double({ min: -1e6, max: 1e6, noNaN: true }));
    const wish = fc.oneof(
      value,
      fc.array(value, { minLength: 1, maxLength: 4 }),
      fc.record({ not: fc.array(value, { minLength: 1, maxLength: 4 }) }),
      fc.record({ gt: bound }),
      fc.record({ lte: bound }),
      fc.record({ gte: bound, not: value }),
    );
    const where = fc.array(fc.tuple(path, wish), { maxLength: 4 }).map((all) => new Map(all));
    const aggregate = fc.constantFrom('count', 'sum(a)', 'distinct(b)', 'p99(c.d)', 'avg("Price (EUR)")');
    fc.assert(
      fc.property(where, aggregate, fc.uniqueArray(path, { maxLength: 3 }), (wishes, call, groupBy) => {
        const metric = metricOf({
          event: 'e',
          aggregate: call,
          groupBy,
          where: Object.fromEntries(wishes),
        });
        const made = exampleEvent(metric, {});
        // On its own property a sum may ask for what is no number.
        const own = wishes.get(metric.aggregate.field ?? '');
        if (own === undefined) expect(made).not.toBeNull();
        if (made === null) return;
        const properties = JSON.parse(JSON.stringify(made.properties ?? {}));
        expect(compileFilter(conditionsOf(metric, {}), compilePattern)({ ...ENVELOPE, properties })).toBe(
          true,
        );
        const { field } = metric.aggregate;
        const read = field === null ? 0 : readPath(properties, field);
        if (needsNumber(metric.aggregate)) expect(read).toBeTypeOf('number');
        expect(read ?? null).not.toBeNull();
      }),
    );
  });
});

it.each(['orders', 'localhost:8080/v1/metrics/orders'])('leaves %s as it is', (text) => {
  expect(quoteForShell(text)).toBe(text);
});

it.each(["it's", "'; echo hit; '", '$(echo hit)', '`echo hit`', 'a\nb', '{"event":"a b"}', '', '~', '!!'])(
  'keeps %j one word',
  (text) => expect(wordsOf([text])).toEqual([text]),
);

it('keeps any texts the words they are', () => {
  const texts = fc.array(fc.string({ unit: 'grapheme' }), { minLength: 50, maxLength: 50 });
  fc.assert(
    fc.property(texts, (given) => {
      const sent = given.map((text) => text.replaceAll('\0', ''));
      expect(wordsOf(sent)).toEqual(sent);
    }),
    { numRuns: 10 },
  );
});

/** What a shell makes of them. */
const wordsOf = (texts: readonly string[]): string[] => {
  const command = `printf '%s\\0' ${texts.map(quoteForShell).join(' ')}`;
  return execFileSync('sh', ['-c', command], { encoding: 'utf8' }).split('\0').slice(0, -1);
};
