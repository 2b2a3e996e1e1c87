import { expect, test } from 'vitest';
import { readInput } from './read-input.ts';

const properties = {
  n: 1.5,
  t: 'x',
  b: true,
  nothing: null,
  list: [1],
  object: {},
  huge: Number.POSITIVE_INFINITY,
  a: { b: 2 },
};

test.each([
  ['number', 'n', 1.5],
  ['number', 'a.b', 2],
  ['number', 't', null],
  ['number', 'nothing', null],
  ['number', 'absent', null],
  ['number', 'huge', null],
  ['number', 'list', null],
  ['text', 'n', '1.5'],
  ['text', 'b', 'true'],
  ['text', 't', 'x'],
  ['text', 'nothing', null],
  ['text', 'absent', null],
  ['text', 'object', null],
] as const)('%s of %s is %j', (input, field, expected) => {
  expect(readInput({ input }, field, properties)).toBe(expected);
});

test('an aggregate without input adds undefined', () => {
  expect(readInput({ input: 'none' }, null, properties)).toBeUndefined();
});
