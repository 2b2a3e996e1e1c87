import { MISSING } from '../metric/dimension.ts';
import {
  type Comparison,
  type Filter,
  MAX_OPERAND,
  MAX_VALUES,
  negated,
  type TextOperator,
} from './filter.ts';
import { isReserved, numberOf } from './filter-words.ts';
import { refusalOfPattern } from './pattern.ts';
import { advance, fail, failWith, isNext, skip, type TextReader } from './text-reader.ts';

const BOUNDS: Readonly<Record<string, Comparison>> = { '>': 'gt', '>=': 'gte', '<': 'lt', '<=': 'lte' };
const OPERATOR =
  'an operator: =, !=, >, >=, <, <=, in, between, exists, contains, starts with, ends with or matches';

/** Reads what follows a property; null where it cannot be read. */
export function readTest(reader: TextReader, path: string): Filter | null {
  const { token } = reader;
  const bound = token.kind === 'sign' && Object.hasOwn(BOUNDS, token.text) ? BOUNDS[token.text] : undefined;
  if (bound !== undefined) return readBound(reader, path, bound);
  if (skip(reader, '=')) return readEqual(reader, path);
  if (skip(reader, '!=')) return inverse(readEqual(reader, path));
  if (skip(reader, 'exists')) return { path, op: 'exists' };
  if (skip(reader, 'in')) return readIn(reader, path);
  if (skip(reader, 'not')) {
    if (!skip(reader, 'in'))
      return fail(reader, '"in" after "not"; in front of a condition "not" may be anything');
    return inverse(readIn(reader, path));
  }
  if (skip(reader, 'between')) return readBetween(reader, path);
  if (skip(reader, 'contains')) return readText(reader, path, 'contains');
  if (skip(reader, 'matches')) return readText(reader, path, 'matches');
  for (const [word, op] of [
    ['starts', 'startsWith'],
    ['ends', 'endsWith'],
  ] as const) {
    if (skip(reader, word))
      return skip(reader, 'with') ? readText(reader, path, op) : fail(reader, `"with" after "${word}"`);
  }
  return failAfterProperty(reader);
}

function failAfterProperty(reader: TextReader): null {
  const isAlone = reader.token.kind === 'end' || ['and', 'or', ')'].some((text) => isNext(reader, text));
  if (!isAlone) return fail(reader, OPERATOR);
  const name = JSON.stringify(reader.last?.text ?? '');
  return fail(reader, `a condition on ${name}, such as "= true" or "exists"`);
}

const inverse = (filter: Filter | null): Filter | null => (filter === null ? null : negated(filter));

function readBound(reader: TextReader, path: string, op: Comparison): Filter | null {
  advance(reader);
  const value = readNumber(reader);
  return value === null ? null : { path, op, value };
}

function readBetween(reader: TextReader, path: string): Filter | null {
  const from = readNumber(reader);
  if (from === null) return null;
  if (!skip(reader, 'and')) return fail(reader, '"and" and the higher number');
  const { token } = reader;
  const to = readNumber(reader);
  if (to === null) return null;
  if (from > to)
    return failWith(reader, `expected a number of at least ${from}: the smaller comes first.`, token);
  return { path, op: 'between', from, to };
}

function readNumber(reader: TextReader): number | null {
  const { token } = reader;
  const value = token.kind === 'word' ? numberOf(token.text) : null;
  if (value === null || !Number.isFinite(value)) return fail(reader, 'a number such as 10 or -2.5');
  advance(reader);
  return value;
}

function readEqual(reader: TextReader, path: string): Filter | null {
  const value = readValue(reader);
  return value === null ? null : { path, op: 'in', values: [value] };
}

function readIn(reader: TextReader, path: string): Filter | null {
  if (!skip(reader, '(')) return fail(reader, 'a list such as (a, b)');
  const values = new Set<string>();
  do {
    const value = readValue(reader);
    if (value === null) return null;
    values.add(value);
    if (values.size > MAX_VALUES) return failWith(reader, `more than ${MAX_VALUES} values in one list.`);
  } while (skip(reader, ','));
  return skip(reader, ')') ? { path, op: 'in', values: [...values].sort() } : fail(reader, '"," or ")"');
}

/** A value as its canonical dimension text: what is not quoted may be a number, true, false or null. */
function readValue(reader: TextReader): string | null {
  const { kind, text } = reader.token;
  if (kind === 'quoted') return advance(reader).text;
  if (kind !== 'word' || isReserved(text)) return fail(reader, 'a value');
  const number = numberOf(text);
  if (number !== null && !Number.isFinite(number)) return fail(reader, 'a number that a double can hold');
  advance(reader);
  if (text === 'null') return MISSING;
  return number === null ? text : String(number);
}

/** What a text operator looks for is taken as it is written, with quotes or without. */
function readText(reader: TextReader, path: string, op: TextOperator): Filter | null {
  const { token } = reader;
  if (token.kind !== 'quoted' && (token.kind !== 'word' || isReserved(token.text)))
    return fail(reader, 'a text such as "/checkout"');
  const { text } = token;
  const isFit = text !== '' && text.length <= MAX_OPERAND;
  if (!isFit) return failWith(reader, `expected a text of 1 to ${MAX_OPERAND} characters.`);
  const reason = op === 'matches' ? refusalOfPattern(text) : null;
  if (reason !== null) return failWith(reader, `cannot read the pattern: ${reason}.`);
  advance(reader);
  return { path, op, text };
}
