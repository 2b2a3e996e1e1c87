import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dimensionText, MISSING, readPath } from '#contracts/metric/dimension.ts';
import { flattenProperties } from './property-texts.ts';

test('every kind of value has its tag, by dotted path', () => {
  const text =
    '{"s":"x","n":1.50,"b":true,"z":null,"a":[1],"o":{"e":{},"l.m":-0},"huge":1e999,"__proto__":{"p":1},"":2,"`":3}';
  const flat = flattenProperties(text);
  expect(Object.entries(flat)).toEqual([
    ['s', 'sx'],
    ['n', 'n1.5'],
    ['b', 'btrue'],
    ['z', '0'],
    ['a', 'a[1]'],
    ['o', 'o'],
    ['o.e', 'o'],
    ['o.l.m', 'n0'],
    ['huge', 'xInfinity'],
    ['__proto__', 'o'],
    ['__proto__.p', 'n1'],
    ['%', 'n2'],
    ['%60;', 'n3'],
  ]);
});

test('names that every object has are names like any other', () => {
  const text = '{"constructor":{"name":1},"toString":"t","hasOwnProperty":null,"__proto__":"p","valueOf":{}}';
  const flat = flattenProperties(text);
  expect(JSON.parse(JSON.stringify(Object.entries(flat)))).toEqual([
    ['constructor', 'o'],
    ['constructor.name', 'n1'],
    ['toString', 'st'],
    ['hasOwnProperty', '0'],
    ['__proto__', 'sp'],
    ['valueOf', 'o'],
  ]);
  expect(JSON.stringify(flat)).toContain('"__proto__":"sp"');
});

test('what is kept at a path is what readPath and dimensionText say of it', () => {
  const leaf = fc.oneof(
    fc.string(),
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constant(null),
    fc.constant([]),
  );
  const name = fc.stringMatching(/^[a-z]{1,2}$/);
  const object = fc.dictionary(name, fc.oneof(leaf, fc.dictionary(name, leaf, { maxKeys: 3 })), {
    maxKeys: 5,
  });
  fc.assert(
    fc.property(object, name, fc.option(name), (value, first, second) => {
      const parsed = JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
      const path = second === null ? first : `${first}.${second}`;
      const kept = flattenProperties(JSON.stringify(value))[path] ?? '0';
      const text = kept === '0' ? MISSING : /^[oa]/.test(kept) ? undefined : kept.slice(1);
      expect(text).toBe(dimensionText(readPath(parsed, path)));
    }),
  );
});
