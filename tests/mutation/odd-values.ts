import type { Random } from '../sim/random.ts';

const nested = (open: string, close: string, depth: number): string =>
  open.repeat(depth) + close.repeat(depth);

/** JSON texts of unexpected values. All but the last few are valid JSON. */
const ODD = [
  'null',
  'true',
  '-0',
  '1e308',
  '1e999',
  '123456789012345678901234567890',
  '9007199254740993',
  '1.5',
  '-1',
  '""',
  '" "',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\ud83d\\ude00"',
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '[]',
  '{}',
  '[[]]',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"toString":1,"valueOf":2,"then":3}',
  '{"a":1,"a":2}',
  '{"a.b":1,"a":{"b":2}}',
  '{"":0}',
  `"${'x'.repeat(5_000)}"`,
  `"${'\u{1f600}'.repeat(200)}"`,
  nested('[', ']', 40),
  nested('[', ']', 3_000),
  `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`,
  `[${'0,'.repeat(300)}0]`,
  `{${Array.from({ length: 300 }, (_, i) => `"p${i}":${i}`).join(',')}}`,
];
const NOT_JSON = ['NaN', 'undefined', '01', '+1', '.5', "'text'", '0x10', '{a:1}', '[1,]', '//', '"\t"', ''];

/** Nesting that overflows the stack of a reader that calls itself for each level; Socket.IO's client cannot send it. */
export const abyss = (): string => nested('[', ']', 20_000);

export const oddJson = (random: Random): string => random.pick(ODD);
export const oddText = (random: Random): string => {
  const kind = random.below(200);
  return kind === 0 ? abyss() : kind < 50 ? random.pick(NOT_JSON) : oddJson(random);
};
