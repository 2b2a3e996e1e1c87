import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compilePattern } from './match-pattern.ts';
import { refusalOfPattern } from './pattern.ts';
import { anyPattern } from './testing/any-filter.ts';

test.each([
  ['(?=a)', 'no look-ahead'],
  ['(?<!a)b', 'no look-ahead and no look-behind'],
  ['(?P<name>a)', 'another group'],
  ['(a)\\1', 'no back-references'],
  ['\\p{Greek}', 'classes of Unicode'],
  ['\\C', 'no escape'],
  ['\\Z', 'no escape'],
  ['a\\B', '\\B is not taken'],
  ['(a', 'not closed'],
  ['a)', 'closes nothing'],
  ['a]', 'closes nothing'],
  ['*a', 'follows nothing'],
  ['a**', 'follows nothing'],
  ['^*', 'follows nothing'],
  ['(?i)*', 'follows nothing'],
  ['a|*', 'follows nothing'],
  ['a{,3}', 'begins no repeat'],
  ['a{3,2}', 'such as {2,5}'],
  ['a{1001}', 'at most 1000'],
  ['(?:a{100}){100}', '2000 steps'],
  ['[a', 'not closed'],
  ['[]', 'an empty class'],
  ['[b-a]', 'joins no range'],
  ['[a-\\d]', 'joins no range'],
  ['[\\d-z]', 'joins no range'],
  ['[a-c-e]', 'joins no range'],
  ['[[a]', 'cannot be read'],
  ['[\\b]', 'cannot be read'],
  ['\\x{110000}', 'number of a character'],
  ['\\x{d800}', 'number of a character'],
  ['[\\x{d800}]', 'number of a character'],
  ['', '1 to 500 characters'],
  ['a'.repeat(501), '1 to 500 characters'],
])('refuses %j', (pattern, reason) => {
  expect(refusalOfPattern(pattern)).toContain(reason);
});

test('takes nothing that the engine refuses', () => {
  const pieces = fc.constantFrom(
    ...[
      'a',
      'b',
      '(',
      ')',
      '(?:',
      '(?i)',
      '(?i:',
      '[',
      ']',
      '[^',
      '-',
      '^',
      '$',
      '*',
      '+',
      '?',
      '{2}',
      '{',
      '}',
    ],
    ...[
      '|',
      '\\d',
      '\\b',
      '\\',
      '.',
      ',',
      '1',
      '\\x',
      '{41}',
      '[:alpha:]',
      ':',
      '<',
      '=',
      '!',
      'P',
      'é',
      '😀',
    ],
  );
  const any = fc.oneof(
    anyPattern,
    fc.array(pieces, { maxLength: 10 }).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(any, (pattern) => {
      if (refusalOfPattern(pattern) === null) compilePattern(pattern)('some text');
    }),
    { numRuns: 20_000 },
  );
});

test('takes time in proportion to the text, whatever the pattern', () => {
  // With back-tracking each of these would take longer than the age of the universe.
  for (const pattern of ['(a*)*b', '(a|aa)+$', '(?:a?){100}a{100}', '(.*)*(.*)*(.*)*x'])
    expect(compilePattern(pattern)(`${'a'.repeat(5_000)}!`)).toBe(pattern.startsWith('(?:'));
});
