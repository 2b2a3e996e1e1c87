import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dimensionText, groupKey, MISSING, readPath } from './dimension.ts';

describe('readPath', () => {
  const properties = {
    plan: 'pro',
    'cart.total': 1,
    cart: { items: 2, 'a.b': { c: 3 } },
    list: [{ x: 1 }],
    nothing: null,
    zero: 0,
  };
  test.each([
    ['plan', 'pro'],
    ['cart.total', 1],
    ['cart.items', 2],
    ['cart.a.b.c', 3],
    ['nothing', null],
    ['zero', 0],
    ['absent', undefined],
    ['plan.x', undefined],
    ['nothing.x', undefined],
    ['list.0', undefined],
    ['list.x', undefined],
    ['list.0.x', undefined],
    ['.plan', undefined],
    ['cart.', undefined],
    ['constructor', undefined],
    ['cart.toString', undefined],
    ['__proto__', undefined],
  ])('%s', (path, expected) => {
    expect(readPath(properties, path)).toEqual(expected);
  });

  test('__proto__ is an ordinary name', () => {
    const parsed = JSON.parse('{"__proto__":{"x":1},"a":{"__proto__":2}}') as Record<string, unknown>;
    expect(readPath(parsed, '__proto__.x')).toBe(1);
    expect(readPath(parsed, 'a.__proto__')).toBe(2);
    expect(readPath(parsed, 'x')).toBeUndefined();
  });

  test('finds any nested value, however the dots fall on names, empty ones included', () => {
    const name = fc.stringMatching(/^[a-z]{0,3}(\.[a-z]{0,2})?$/);
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), fc.integer(), (names, value) => {
        const object = names.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
        expect(readPath(object as Record<string, unknown>, names.join('.'))).toBe(value);
      }),
    );
  });
});

describe('dimensionText', () => {
  test.each([
    ['', ''],
    ['DE', 'DE'],
    [1, '1'],
    [1.5, '1.5'],
    [-0, '0'],
    [1e21, '1e+21'],
    [1e-7, '1e-7'],
    [true, 'true'],
    [false, 'false'],
    [null, MISSING],
    [undefined, MISSING],
    [{}, undefined],
    [[], undefined],
    [['a'], undefined],
  ])('of %j is %j', (value, text) => {
    expect(dimensionText(value)).toBe(text);
  });

  test('of a number reads back to that number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        expect(Number(dimensionText(x))).toBe(x + 0);
      }),
    );
  });
});

test('a group key tells apart all groups and reads back', () => {
  const group = fc.array(fc.string(), { maxLength: 4 });
  fc.assert(
    fc.property(group, group, (a, b) => {
      expect(JSON.parse(groupKey(a))).toEqual(a);
      expect(groupKey(a) === groupKey(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
  );
  expect(groupKey(['a,b'])).not.toBe(groupKey(['a', 'b']));
});
