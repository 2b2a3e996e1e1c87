import fc from 'fast-check';
import { expect, test } from 'vitest';
import { flattenProperties } from './property-texts.ts';
import { restoreProperties } from './restore-properties.ts';

/** As the engine writes a JSON column: nested by dots, an object's own tag and its members under one name. */
function engineText(flat: Readonly<Record<string, string>>): string {
  const inner = new Map<string, Record<string, string>>();
  const members: string[] = [];
  for (const path of Object.keys(flat)) {
    const dot = path.indexOf('.');
    if (dot < 0) {
      members.push(`${JSON.stringify(path)}:${JSON.stringify(flat[path])}`);
      continue;
    }
    const head = path.slice(0, dot);
    const rest = inner.get(head) ?? (Object.create(null) as Record<string, string>);
    inner.set(head, rest);
    rest[path.slice(dot + 1)] = flat[path]!;
  }
  for (const [head, rest] of inner) members.push(`${JSON.stringify(head)}:${engineText(rest)}`);
  return `{${members.join()}}`;
}

const restored = (value: object): unknown =>
  JSON.parse(restoreProperties(engineText(flattenProperties(JSON.stringify(value)))));

test('what was flattened comes back', () => {
  const name = fc.oneof(fc.stringMatching(/^[a-c%"é ]{1,2}$/), fc.string({ unit: 'grapheme', maxLength: 3 }));
  const plainName = name.filter((text) => !text.includes('.'));
  const leaf = fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean());
  const { object } = fc.letrec<{ object: object; value: unknown }>((tie) => ({
    object: fc.dictionary(plainName, tie('value'), { maxKeys: 4 }),
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.constant(null),
      fc.array(leaf, { maxLength: 2 }),
      tie('object'),
    ),
  }));
  fc.assert(
    fc.property(object, (value) => {
      expect(restored(value)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('dots in names come back where no object of that name holds the value', () => {
  const value = { 'a.b': 1, 'c.d': { 'e.f': 2, g: {} }, h: { 'i.j': 's' }, '': { '': 4, x: 5 } };
  expect(restored(value)).toEqual(value);
});

test('names of many dots are read in one go, however deep the engine nests them', () => {
  const dots = 100_000;
  const text = `${'{"":'.repeat(dots)}{"":"n1"}${'}'.repeat(dots)}`;
  expect(restoreProperties(text)).toBe(`{"${'.'.repeat(dots)}":1}`);
});

test('numbers beyond a double are written as such', () => {
  const flat = flattenProperties('{"huge":1e999,"low":-1e999}');
  expect(restoreProperties(engineText(flat))).toBe('{"huge":1e999,"low":-1e999}');
});

test('what is no such text is refused', () => {
  for (const text of ['{"a":1}', '{"a', 'null', '{"a":"s\\']) {
    expect(() => restoreProperties(text)).toThrow(expect.objectContaining({ code: 'store_damaged' }));
  }
});
