import { dimensionText } from '../metric/dimension.ts';
import { type Envelope, readEventPath } from '../metric/envelope.ts';
import { type Condition, type Filter, isCondition } from './filter.ts';

/** Whether something fits. */
export type Test<T> = (of: T) => boolean;

/** Makes the test of a pattern, which `refusalOfPattern` has taken. */
export type CompilePattern = (pattern: string) => Test<string>;

/** What a filter judges. */
export type FilteredEvent = Envelope & { readonly properties: Readonly<Record<string, unknown>> };

/** Returns whether an event fits a filter. */
export const compileFilter = (
  filters: readonly Filter[],
  compilePattern: CompilePattern,
): Test<FilteredEvent> =>
  combine(filters, (condition) => {
    const test = compileCondition(condition, compilePattern);
    return (event) => test(readEventPath(event, condition.path));
  });

/** The same over a list of values; `placeOf` a path says where its value lies. */
export const compilePlaced = (
  filters: readonly Filter[],
  placeOf: (path: string) => number,
  compilePattern: CompilePattern,
): Test<readonly unknown[]> =>
  combine(filters, (condition) => {
    const test = compileCondition(condition, compilePattern);
    const place = placeOf(condition.path);
    return (values) => test(values[place]);
  });

/** Returns the test of a whole filter from those of its conditions. */
export function combine<T>(filters: readonly Filter[], leaf: (condition: Condition) => Test<T>): Test<T> {
  const tests = filters.map((filter) => compileNode(filter, leaf));
  const [only, ...more] = tests;
  // A closure less for what most filters are.
  if (only !== undefined && more.length === 0) return only;
  return (of) => {
    for (const test of tests) if (!test(of)) return false;
    return true;
  };
}

function compileNode<T>(filter: Filter, leaf: (condition: Condition) => Test<T>): Test<T> {
  if (isCondition(filter)) return leaf(filter);
  if (filter.op === 'and') return combine(filter.of, leaf);
  if (filter.op === 'not') {
    const test = compileNode(filter.of, leaf);
    return (of) => !test(of);
  }
  const tests = filter.of.map((one) => compileNode(one, leaf));
  return (of) => {
    for (const test of tests) if (test(of)) return true;
    return false;
  };
}

/** Returns the test of the value at a condition's path; an absent one is undefined. */
export function compileCondition(condition: Condition, compilePattern: CompilePattern): Test<unknown> {
  switch (condition.op) {
    case 'in':
      return testList(condition.values);
    case 'notIn': {
      const test = testList(condition.values);
      return (value) => !test(value);
    }
    case 'exists':
      return (value) => value !== undefined && value !== null;
    case 'contains':
    case 'startsWith':
    case 'endsWith':
    case 'matches':
      return testText(compileText(condition.op, condition.text, compilePattern));
    default:
      return testNumber(condition);
  }
}

/** Returns which of at most 31 tests hold, as bits of a number, that of the first the lowest. */
export function bitsOf<T>(tests: readonly Test<T>[], of: T): number {
  let bits = 0;
  for (let i = 0; i < tests.length; i++) if (tests[i]!(of)) bits |= 1 << i;
  return bits;
}

/** From this length of a list on, a hash is quicker than looking through it. */
const LONG_LIST = 8;

function testList(values: readonly string[]): Test<unknown> {
  const [only] = values;
  if (values.length === 1) return (value) => dimensionText(value) === only;
  const set = values.length < LONG_LIST ? null : new Set(values);
  return (value) => {
    const text = dimensionText(value);
    // An object or array has no text: it is in no list.
    return text !== undefined && (set === null ? values.includes(text) : set.has(text));
  };
}

function testNumber(
  condition: Exclude<Condition, { op: 'in' | 'notIn' | 'exists' } | { text: string }>,
): Test<unknown> {
  if (condition.op === 'between') {
    const { from, to } = condition;
    return (value) => typeof value === 'number' && value >= from && value <= to;
  }
  const { op, value: bound } = condition;
  if (op === 'gt') return (value) => typeof value === 'number' && value > bound;
  if (op === 'gte') return (value) => typeof value === 'number' && value >= bound;
  if (op === 'lt') return (value) => typeof value === 'number' && value < bound;
  return (value) => typeof value === 'number' && value <= bound;
}

/** What is absent has no text here, other than in a list. */
function testText(test: Test<string>): Test<unknown> {
  return (value) => {
    if (value === undefined || value === null) return false;
    const text = dimensionText(value);
    return text !== undefined && test(text);
  };
}

function compileText(
  op: 'contains' | 'startsWith' | 'endsWith' | 'matches',
  wanted: string,
  compilePattern: CompilePattern,
): Test<string> {
  if (op === 'contains') return (text) => text.includes(wanted);
  if (op === 'startsWith') return (text) => text.startsWith(wanted);
  return op === 'endsWith' ? (text) => text.endsWith(wanted) : compilePattern(wanted);
}
