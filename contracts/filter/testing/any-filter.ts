import fc, { type Arbitrary } from 'fast-check';
import { allOf, anyOf, type Condition, excessOf, type Filter, negated, single } from '../filter.ts';
import { refusalOfPattern } from '../pattern.ts';

/** Texts that have a meaning somewhere: to the text form, to JSON, to SQL, to the fold, or as numbers. */
export const oddText: Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'DE',
    'pro',
    '42',
    '042',
    '1.0',
    '1e21',
    '1e+21',
    '-0',
    '0',
    '1e999',
    'true',
    'null',
    'and',
  ),
  fc.constantFrom(
    '__missing__',
    '__other__',
    'Price (EUR)',
    "it's",
    '"',
    '\\',
    '日本',
    '😀',
    'é',
    '%',
    'a\nb',
  ),
  fc.constantFrom("{x:String}' OR 1", 'NaN', 'Infinity', '$key', '/docs/x', 'a@b.c', 'NOT', 'in', '\u2028'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
  fc.constantFrom('a', 'ab', 'b', 'B', 'aa\n', ' ', 'x-1'),
);

export const oddNumber: Arbitrary<number> = fc
  .oneof(
    fc.constantFrom(0, -1, 1, 42, 1.5, 1e21, 1e-7, 2 ** 53, 5e-324, 1.7976931348623157e308),
    fc.integer({ min: -5, max: 50 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  )
  .map((n) => n + 0);

const literal = fc.oneof(
  fc.constantFrom('a', 'b', 'B', '1', 'é', '日', '😀', '/', '-', ' ', '}', '\\.', '\\d', '\\W', '\\S', '\\n'),
  fc.constantFrom('\\x41', '\\x{1F600}', '\\(', '\\\\', '.', '[ab]', '[^a]', '[a-c]', '[\\d.-]', '[é-日]'),
  fc.constantFrom('[[:alpha:]]', '[^[:digit:]\\s]', '^', '$', '\\b', '(?i)', '(?m)', '(?-s)', '\\A', '\\z'),
);
const { pattern: tree } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    literal,
    fc.tuple(literal, tie('pattern')).map(([a, b]) => a + b),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `${a}|${b}`),
    fc
      .tuple(fc.constantFrom('(', '(?:', '(?i:', '(?s-i:'), tie('pattern'))
      .map(([open, inner]) => `${open}${inner})`),
    fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '+?', '{2}', '{0,3}', '{1,}', '*?'))
      .map(([inner, repeat]) => `(?:${inner})${repeat}`),
    fc.tuple(literal, fc.constantFrom('*', '+', '?', '{2}')).map(([inner, repeat]) => inner + repeat),
  ),
}));

/** Patterns that are taken. */
export const anyPattern: Arbitrary<string> = tree.filter((pattern) => refusalOfPattern(pattern) === null);

const values = fc.uniqueArray(oddText, { minLength: 1, maxLength: 10 }).map((list) => [...list].sort());

/** Conditions on these properties. */
export const anyCondition = (path: Arbitrary<string>): Arbitrary<Condition> =>
  fc.oneof(
    fc.record({ path, op: fc.constantFrom('in', 'notIn'), values }),
    fc.record({ path, op: fc.constantFrom('gt', 'gte', 'lt', 'lte'), value: oddNumber }),
    fc
      .record({ path, op: fc.constant('between' as const), from: oddNumber, to: oddNumber })
      .filter(({ from, to }) => from <= to),
    fc.record({ path, op: fc.constant('exists' as const) }),
    fc.record({ path, op: fc.constantFrom('contains', 'startsWith', 'endsWith'), text: oddText }),
    fc.record({ path, op: fc.constant('matches' as const), text: anyPattern }),
  );

/** Filters in normal form, within bounds. */
export function anyFilter(path: Arbitrary<string>): Arbitrary<Filter[]> {
  const { node } = fc.letrec<{ node: Filter }>((tie) => {
    const some = fc.array(tie('node'), { minLength: 1, maxLength: 3 });
    return {
      node: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        anyCondition(path),
        some.map(single),
        some.map(anyOf),
        tie('node').map(negated),
      ),
    };
  });
  return fc
    .array(node, { maxLength: 3 })
    .map(allOf)
    .filter((filters) => excessOf(filters) === null);
}
