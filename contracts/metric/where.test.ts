import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MISSING } from './dimension.ts';
import { formatWhere, matches, parseWhere } from './where.ts';

function conditions(raw: unknown) {
  const read = parseWhere(raw);
  if (!read.ok) throw new Error(read.fault.message);
  return read.value;
}

describe('parseWhere', () => {
  test('a bare value means equals, a list means in, sorted and without repeats', () => {
    expect(conditions({ plan: ['team', 'pro', 'pro'], country: 'DE', vip: true, n: 5, gone: null })).toEqual([
      { path: 'country', op: 'in', values: ['DE'] },
      { path: 'gone', op: 'in', values: [MISSING] },
      { path: 'n', op: 'in', values: ['5'] },
      { path: 'plan', op: 'in', values: ['pro', 'team'] },
      { path: 'vip', op: 'in', values: ['true'] },
    ]);
    expect(conditions(undefined)).toEqual([]);
    expect(conditions({ a: { lt: 5, gt: 0 }, b: { not: 'x' } })).toEqual([
      { path: 'a', op: 'gt', value: 0 },
      { path: 'a', op: 'lt', value: 5 },
      { path: 'b', op: 'notIn', values: ['x'] },
    ]);
  });

  test('the order of writing does not matter', () => {
    expect(conditions({ a: 1, b: 2 })).toEqual(conditions({ b: 2, a: 1 }));
  });

  test.each([
    ['text', 'plan=pro'],
    ['a list', ['plan']],
    ['an empty list', { plan: [] }],
    ['an object in a list', { plan: [{}] }],
    ['an empty condition', { plan: {} }],
    ['an unknown operator', { plan: { like: 'x' } }],
    ['a comparison with text', { amount: { gt: '5' } }],
    ['an empty path', { '': 1 }],
    ['a path above 1,000 characters', { ['x'.repeat(1_001)]: 1 }],
    ['a path of no characters', { '': 1 }],
    ['257 values', { a: Array.from({ length: 257 }, (_, i) => i) }],
    ['33 conditions', Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`p${i}`, 1]))],
  ])('refuses %s', (_what, raw) => {
    const result = parseWhere(raw);
    expect(result).toMatchObject({ ok: false, fault: { code: 'invalid_filter' } });
    expect(result.ok ? '' : result.fault.field).toMatch(/^where/);
  });
});

describe('matches', () => {
  test.each([
    [{ a: 5 }, { a: 5 }, true],
    [{ a: 5 }, { a: '5' }, true],
    [{ a: 5 }, { a: 6 }, false],
    [{ a: null }, {}, true],
    [{ a: null }, { a: null }, true],
    [{ a: { not: 'x' } }, {}, true],
    [{ a: { not: 'x' } }, { a: ['x'] }, true],
    [{ a: 'x' }, { a: ['x'] }, false],
    [{ a: { gt: 5 } }, { a: 5 }, false],
    [{ a: { gte: 5 } }, { a: 5 }, true],
    [{ a: { lt: 5 } }, { a: '4' }, false],
    [{ a: { lt: 5 } }, {}, false],
    [{ a: { lt: 5 } }, { a: null }, false],
    [{ a: { gt: 0, lte: 9 } }, { a: 9 }, true],
    [{ 'c.t': 1 }, { c: { t: 1 } }, true],
    [{ a: 1, b: 2 }, { a: 1, b: 3 }, false],
  ])('%j on %j: %s', (where, properties, expected) => {
    expect(matches(conditions(where), properties)).toBe(expected);
  });
});

test('conditions written out read back to the same conditions', () => {
  const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const wanted = fc.oneof(
    scalar,
    fc.array(scalar, { minLength: 1, maxLength: 4 }),
    fc.record({ gt: fc.double({ noNaN: true, noDefaultInfinity: true }), not: scalar }),
    fc.record({ gte: fc.integer(), lt: fc.integer() }),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), wanted, { maxKeys: 5 }), (raw) => {
      const read = conditions(raw);
      expect(conditions(formatWhere(read))).toEqual(read);
    }),
  );
});
