import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MISSING } from '../metric/dimension.ts';
import { compileFilter } from './compile-filter.ts';
import { allOf, anyOf, type Filter, negated, single } from './filter.ts';
import { compilePattern } from './match-pattern.ts';
import { anyFilter, oddText } from './testing/any-filter.ts';
import { formatWhere, hasConditions, parseWhere } from './where.ts';

const ENVELOPE = { event: 'e', id: null, key: null, ts: 0 };

function filters(raw: unknown): Filter[] {
  const read = parseWhere(raw);
  if (!read.ok) throw new Error(read.fault.message);
  return read.value;
}

describe('the object form', () => {
  test('a bare value means equals, a list means in, sorted and without repeats', () => {
    expect(filters({ plan: ['team', 'pro', 'pro'], country: 'DE', vip: true, n: 5, gone: null })).toEqual([
      { path: 'country', op: 'in', values: ['DE'] },
      { path: 'gone', op: 'in', values: [MISSING] },
      { path: 'n', op: 'in', values: ['5'] },
      { path: 'plan', op: 'in', values: ['pro', 'team'] },
      { path: 'vip', op: 'in', values: ['true'] },
    ]);
    expect(filters(undefined)).toEqual([]);
    expect(filters({ a: { lt: 5, gt: -0 }, b: { not: 'x' } })).toEqual([
      { path: 'a', op: 'gt', value: 0 },
      { path: 'a', op: 'lt', value: 5 },
      { path: 'b', op: 'notIn', values: ['x'] },
    ]);
  });

  test('has an operator for each test', () => {
    const all = { eq: 1, in: ['a'], between: [1, 2], exists: true, contains: 5, matches: '^x' };
    expect(filters({ a: all, b: { exists: false, startsWith: 's', endsWith: 'e' } })).toEqual([
      { path: 'a', op: 'between', from: 1, to: 2 },
      { path: 'a', op: 'contains', text: '5' },
      { path: 'a', op: 'exists' },
      { path: 'a', op: 'in', values: ['1'] },
      { path: 'a', op: 'in', values: ['a'] },
      { path: 'a', op: 'matches', text: '^x' },
      { path: 'b', op: 'endsWith', text: 'e' },
      { path: 'b', op: 'startsWith', text: 's' },
      { op: 'not', of: { path: 'b', op: 'exists' } },
    ]);
  });

  test.each([
    [{ or: [{ a: 1 }, { b: 2, c: 3 }] }, 'a = 1 or (b = 2 and c = 3)'],
    [{ and: [{ a: 1 }, { a: 2 }], b: 3 }, 'a = 1 and a = 2 and b = 3'],
    [{ not: { a: { gt: 1 }, b: 2 } }, 'not (a > 1 and b = 2)'],
    [{ not: [{ a: 1 }] }, 'a != 1'],
    [{ not: { not: { a: { gt: 1 } } } }, 'a > 1'],
    [{ not: [{ gt: 5 }] }, 'gt != 5'],
    // As it was before there was more than properties.
    [{ and: 5, or: ['a', 'b'] }, '"and" = 5 and "or" in (a, b)'],
    [{ not: 'x' }, '"not" = x'],
    [{ not: { gt: 5, not: 7 } }, '"not" > 5 and "not" != 7'],
    [{ and: { not: 1 } }, '"and" != 1'],
  ])('%j is %s', (object, text) => {
    expect(filters(object)).toEqual(filters(text));
  });

  test.each([
    ['an empty list', { plan: [] }, 'where.plan'],
    ['an object in a list', { plan: [{}] }, 'where.plan'],
    ['an empty condition', { plan: {} }, 'where.plan'],
    ['an unknown operator', { plan: { like: 'x' } }, 'where.plan.like'],
    ['a comparison with text', { amount: { gt: '5' } }, 'where.amount.gt'],
    ['one bound', { amount: { between: [1] } }, 'where.amount.between'],
    ['bounds the wrong way round', { amount: { between: [2, 1] } }, 'where.amount.between'],
    ['an empty text', { a: { contains: '' } }, 'where.a.contains'],
    ['a pattern that no engine reads', { a: { matches: '(' } }, 'where.a.matches'],
    ['a pattern that RE2 does not have', { a: { matches: '(?=b)' } }, 'where.a.matches'],
    ['alternatives without one', { or: [] }, 'where.or'],
    ['an empty alternative', { or: [{ a: 1 }, {}] }, 'where.or.1'],
    ['alternatives and a value', { or: [{ a: 1 }, 'b'] }, 'where.or'],
    ['a fault inside', { or: [{ a: 1 }, { b: { gt: null } }] }, 'where.or.1.b.gt'],
    ['not of several', { not: [{ a: 1 }, { b: 1 }] }, 'where.not'],
    ['a path above 1,000 characters', { ['x'.repeat(1_001)]: 1 }, 'where.'],
    ['a path of no characters', { '': 1 }, 'where.'],
    ['257 values', { a: Array.from({ length: 257 }, (_, i) => i) }, 'where.a'],
    ['33 conditions', Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`p${i}`, 1])), 'where'],
    ['a list', ['plan'], 'where'],
    ['a text that is none', 'plan', 'where'],
    ['a text above 4 KB', `a = ${'x'.repeat(4_093)}`, 'where'],
  ])('refuses %s', (_what, raw, field) => {
    const result = parseWhere(raw);
    expect(result).toMatchObject({ ok: false, fault: { code: 'invalid_filter' } });
    const fault = result.ok ? null : result.fault;
    expect(fault?.field?.startsWith(field), fault?.message).toBe(true);
    expect(fault?.message).toMatch(/^where/);
  });

  test('nests eight levels deep, not nine', () => {
    const nested = (levels: number): object =>
      levels === 0 ? { a: 1 } : { or: [{ b: 1 }, { and: [{ c: 1 }, nested(levels - 2)] }] };
    expect(parseWhere(nested(8)).ok).toBe(true);
    expect(parseWhere({ not: nested(8) })).toMatchObject({ fault: { code: 'invalid_filter' } });
  });
});

test('what is written out reads back to the same filter', () => {
  const path = fc.oneof(fc.constantFrom('a', 'b', 'and', 'or', 'not', 'gt', 'in', '__proto__'), oddText);
  fc.assert(
    fc.property(anyFilter(path), (given) => {
      expect(filters(formatWhere(given))).toEqual(given);
      expect(filters(JSON.parse(JSON.stringify(formatWhere(given))))).toEqual(given);
    }),
    { numRuns: 1_000 },
  );
});

test('filters that differ in order, repeats and nesting are equal', () => {
  const shuffled = anyFilter(fc.constantFrom('a', 'b')).chain((given) =>
    fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
  );
  fc.assert(
    fc.property(shuffled, ([given, other]) => {
      expect(allOf([...other, ...given])).toEqual(given);
      if (given.length === 0) return;
      expect(allOf([single(other)])).toEqual(given);
      expect(anyOf([single(given), single(other)])).toEqual(single(given));
      expect(negated(negated(single(given)))).toEqual(single(given));
    }),
  );
});

describe('what fits', () => {
  test.each([
    [{ a: 5 }, { a: 5 }, true],
    [{ a: 5 }, { a: '5' }, true],
    [{ a: 5 }, { a: 6 }, false],
    [{ a: null }, {}, true],
    [{ a: null }, { a: null }, true],
    [{ a: null }, { a: {} }, false],
    [{ a: { not: 'x' } }, {}, true],
    [{ a: { not: 'x' } }, { a: ['x'] }, true],
    [{ a: 'x' }, { a: ['x'] }, false],
    [{ a: { gt: 5 } }, { a: 5 }, false],
    [{ a: { gte: 5 } }, { a: 5 }, true],
    [{ a: { lt: 5 } }, { a: '4' }, false],
    [{ a: { lt: 5 } }, {}, false],
    [{ a: { lt: 5 } }, { a: null }, false],
    [{ a: { gt: 0, lte: 9 } }, { a: 9 }, true],
    [{ a: { between: [1, 5] } }, { a: 5 }, true],
    [{ a: { between: [1, 5] } }, { a: 5.1 }, false],
    [{ a: { exists: true } }, { a: {} }, true],
    [{ a: { exists: true } }, { a: '' }, true],
    [{ a: { exists: true } }, { a: null }, false],
    [{ a: { exists: false } }, {}, true],
    [{ a: { contains: '2' } }, { a: 123 }, true],
    [{ a: { contains: 'ru' } }, { a: true }, true],
    [{ a: { contains: 'miss' } }, {}, false],
    [{ a: { contains: 'x' } }, { a: ['x'] }, false],
    [{ a: { startsWith: 'x' } }, { a: 'xy' }, true],
    [{ a: { endsWith: 'x' } }, { a: 'xy' }, false],
    [{ a: { matches: 'a.c' } }, { a: 'xa\ncx' }, true],
    [{ a: { matches: '(?i)^CHROME$' } }, { a: 'chrome' }, true],
    [{ 'c.t': 1 }, { c: { t: 1 } }, true],
    [{ a: 1, b: 2 }, { a: 1, b: 3 }, false],
    [{ or: [{ a: 1 }, { b: 2 }] }, { b: 2 }, true],
    [{ or: [{ a: 1 }, { b: 2 }] }, { b: 3 }, false],
    [{ not: { a: 1, b: 2 } }, { a: 1, b: 3 }, true],
    [{ not: { a: 1, b: 2 } }, { a: 1, b: 2 }, false],
    [{}, { a: 1 }, true],
  ])('%j on %j: %s', (where, properties, expected) => {
    expect(compileFilter(filters(where), compilePattern)({ ...ENVELOPE, properties })).toBe(expected);
  });

  test('long lists find what short ones do', () => {
    const long = Array.from({ length: 200 }, (_, i) => `v${i}`);
    const test = compileFilter(filters({ a: long }), compilePattern);
    expect([...long, 'v200', MISSING].filter((a) => test({ ...ENVELOPE, properties: { a } }))).toEqual(long);
  });
});

test('says whether there is any condition', () => {
  expect([undefined, null, {}, '', ' '].map(hasConditions)).toEqual([false, false, false, false, false]);
  expect([{ a: 1 }, 'a = 1', 'a ='].map(hasConditions)).toEqual([true, true, true]);
});
