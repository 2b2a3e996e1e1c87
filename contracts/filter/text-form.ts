import { ok, type Result, refuse } from '../errors.ts';
import { isPropertyPath, MAX_PATH } from '../metric/property-path.ts';
import { allOf, anyOf, type Filter, MAX_DEPTH, negated, single, TOO_DEEP } from './filter.ts';
import { isName } from './filter-words.ts';
import { readTest } from './text-condition.ts';
import { advance, createTextReader, fail, failWith, skip, type TextReader } from './text-reader.ts';

/**
 * Reads `country = DE and (amount > 10 or not vip = true)`. `and` binds closer than `or`, `not` closer than both; a property or
 * value with other signs than letters, digits and `_.$@/:+-` is written as a JSON string. An empty text is a filter of
 * nothing. Linear in the text: each token is looked at once, and nesting is bounded.
 */
export function readTextForm(text: string, field: string): Result<Filter[]> {
  const reader = createTextReader(text);
  if (reader.token.kind === 'end') return ok([]);
  const filter = readEither(reader, 0);
  if (filter !== null && !isAtEnd(reader)) fail(reader, '"and", "or" or the end of the filter');
  if (filter !== null && reader.problem === null) return ok(allOf([filter]));
  const message = reader.problem ?? 'cannot be read.';
  return refuse('invalid_filter', field === '' ? message : `${field}: ${message}`, field);
}

const isAtEnd = ({ token }: TextReader): boolean => token.kind === 'end';

function readEither(reader: TextReader, depth: number): Filter | null {
  const parts: Filter[] = [];
  do {
    const part = readBoth(reader, depth);
    if (part === null) return null;
    parts.push(part);
  } while (skip(reader, 'or'));
  return anyOf(parts);
}

function readBoth(reader: TextReader, depth: number): Filter | null {
  const parts: Filter[] = [];
  do {
    const part = readOne(reader, depth);
    if (part === null) return null;
    parts.push(part);
  } while (skip(reader, 'and'));
  return single(parts);
}

function readOne(reader: TextReader, depth: number): Filter | null {
  if (depth > MAX_DEPTH) return failWith(reader, TOO_DEEP);
  if (skip(reader, 'not')) {
    const filter = readOne(reader, depth + 1);
    return filter === null ? null : negated(filter);
  }
  if (!skip(reader, '(')) return readCondition(reader);
  const inner = readEither(reader, depth + 1);
  if (inner === null) return null;
  return skip(reader, ')') ? inner : fail(reader, '"and", "or" or ")"');
}

function readCondition(reader: TextReader): Filter | null {
  const { kind, text } = reader.token;
  const isProperty = kind === 'quoted' ? isPropertyPath(text) : kind === 'word' && isName(text);
  if (kind === 'quoted' && !isProperty)
    return failWith(reader, `a property has 1 to ${MAX_PATH} characters.`);
  if (!isProperty || !isPropertyPath(text)) return fail(reader, 'a condition, which begins with a property');
  advance(reader);
  return readTest(reader, text);
}
