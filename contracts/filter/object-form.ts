import { type Fault, ok, type Result, refuse, shown } from '../errors.ts';
import { isRecord } from '../is-record.ts';
import { dimensionText, MISSING } from '../metric/dimension.ts';
import { isPropertyPath, MAX_PATH } from '../metric/property-path.ts';
import { readAs } from '../schema/read-as.ts';
import {
  allOf,
  anyOf,
  COMPARISONS,
  type Condition,
  type Filter,
  isCondition,
  MAX_DEPTH,
  negated,
  single,
  TEXT_OPERATORS,
  TOO_DEEP,
} from './filter.ts';
import { OPERATORS, type Operators, VALUES, type Values } from './operators.ts';

type Entries = Readonly<Record<string, unknown>>;

/**
 * Reads `{ plan: [pro, team], amount: { gt: 0 } }`: properties of which all must fit. `and`, `or` and `not` with a list of such
 * objects combine them; with anything else they are properties of that name, except that `not` may have one object whose
 * names are not all operators.
 */
export function readObjectForm(object: Entries, field: string, depth = 0): Result<Filter[]> {
  const filters: Filter[] = [];
  for (const [name, wanted] of Object.entries(object)) {
    const at = field === '' ? name : `${field}.${name}`;
    if (!isPropertyPath(name))
      return refused(`a property has 1 to ${MAX_PATH} characters, got ${shown(name)}.`, at);
    const parts = partsOf(name, wanted);
    const read =
      parts === null
        ? readProperty(name, wanted, at)
        : readParts(name, parts, { field: at, depth: depth + 1 });
    if (!read.ok) return read;
    filters.push(...read.value);
  }
  return ok(allOf(filters));
}

const refused = (message: string, field: string): { ok: false; fault: Fault } =>
  refuse('invalid_filter', field === '' ? message : `${field}: ${message}`, field);

const COMBINING = ['and', 'or', 'not'];

interface Part {
  object: Entries;
  /** The place of it within its property. */
  step: string;
}

/** Returns what `and`, `or` or `not` combines; null where the name is that of a property. */
function partsOf(name: string, wanted: unknown): Part[] | null {
  if (!COMBINING.includes(name)) return null;
  const isList = Array.isArray(wanted) && wanted.length > 0 && wanted.every(isRecord);
  // "Not these" could mean that none holds, or not all: it is not asked.
  if (isList && (name !== 'not' || wanted.length === 1))
    return wanted.map((object, i) => ({ object, step: `.${i}` }));
  const isFilter = name === 'not' && isRecord(wanted) && !isOfOperators(wanted);
  return isFilter ? [{ object: wanted, step: '' }] : null;
}

/** Whether it says nothing but what a property must be; `not` of an object is a filter once more. */
const isOfOperators = (object: Entries): boolean =>
  Object.entries(object).every(
    ([name, value]) => Object.hasOwn(OPERATORS.properties, name) && !(name === 'not' && isRecord(value)),
  );

function readParts(
  name: string,
  parts: readonly Part[],
  { field, depth }: { field: string; depth: number },
): Result<Filter[]> {
  if (depth > MAX_DEPTH) return refused(TOO_DEEP, field);
  const read: Filter[] = [];
  for (const { object, step } of parts) {
    const part = readObjectForm(object, field + step, depth);
    if (!part.ok) return part;
    if (part.value.length === 0) return refused('expected conditions, got an empty object.', field + step);
    read.push(single(part.value));
  }
  if (name === 'and') return ok(read);
  return ok([name === 'or' ? anyOf(read) : negated(single(read))]);
}

function readProperty(path: string, wanted: unknown, at: string): Result<Filter[]> {
  const reading = { code: 'invalid_filter', at } as const;
  if (!isRecord(wanted)) {
    const values = readAs(VALUES, wanted, reading);
    return values.ok ? ok([{ path, op: 'in', values: textsOf(values.value) }]) : values;
  }
  const read = readAs(OPERATORS, wanted, reading);
  if (!read.ok) return read;
  const { between } = read.value;
  if (between !== undefined && between[0]! > between[1]!)
    return refused(`expected the smaller number first, got ${shown(between)}.`, `${at}.between`);
  return ok(conditionsOf(path, read.value));
}

function conditionsOf(path: string, wanted: Operators): Filter[] {
  const out: Filter[] = [];
  for (const values of [wanted.eq, wanted.in])
    if (values !== undefined) out.push({ path, op: 'in', values: textsOf(values) });
  if (wanted.not !== undefined) out.push({ path, op: 'notIn', values: textsOf(wanted.not) });
  for (const op of COMPARISONS) {
    const value = wanted[op];
    // Without the sign of zero, which compares like zero and is no number of its own in JSON.
    if (value !== undefined) out.push({ path, op, value: value + 0 });
  }
  const [from, to] = wanted.between ?? [];
  if (from !== undefined && to !== undefined) out.push({ path, op: 'between', from: from + 0, to: to + 0 });
  if (wanted.exists !== undefined)
    out.push(wanted.exists ? { path, op: 'exists' } : negated({ path, op: 'exists' }));
  for (const op of TEXT_OPERATORS) {
    const text = wanted[op];
    if (text !== undefined) out.push({ path, op, text: String(text) });
  }
  return out;
}

/** Canonical texts of the values, sorted and without repeats. */
export const textsOf = (wanted: Values): string[] =>
  [...new Set([wanted].flat().map((value) => dimensionText(value) ?? MISSING))].sort();

/** The filter as the object form that is read back to the same filter. */
export function formatObject(filters: readonly Filter[]): Record<string, unknown> {
  const entries = new Map<string, Record<string, unknown> | unknown[]>();
  const isPlaced = filters.every((filter) => place(entryOf(filter), entries));
  // What says two things of one kind about a property, or has two alternatives, needs an object for each.
  if (!isPlaced) return { and: filters.map((one) => formatObject([one])) };
  const shortened = [...entries].map(([name, entry]) => [name, shorten(entry)]);
  return Object.fromEntries(shortened);
}

/** `in` alone is its list. */
const shorten = (entry: Record<string, unknown> | unknown[]): unknown =>
  !Array.isArray(entry) && Object.keys(entry).length === 1 ? (entry.in ?? entry) : entry;

/** What one filter is in an object: operators of a property, or what a name such as `or` combines. */
type Entry = [name: string, value: Record<string, unknown> | unknown[]];

function place([name, value]: Entry, entries: Map<string, Record<string, unknown> | unknown[]>): boolean {
  const known = entries.get(name) ?? {};
  if (Array.isArray(value) || Array.isArray(known)) {
    if (entries.has(name)) return false;
    entries.set(name, value);
    return true;
  }
  if (Object.keys(value).some((operator) => Object.hasOwn(known, operator))) return false;
  // Operators of a property go together; what `not` combines stays by itself.
  if (entries.has(name) && !(isOfOperators(known) && isOfOperators(value))) return false;
  entries.set(name, { ...known, ...value });
  return true;
}

function entryOf(filter: Filter): Entry {
  if (isCondition(filter)) return [filter.path, operandOf(filter)];
  if (filter.op !== 'not') return [filter.op, filter.of.map(partOf)];
  if (filter.of.op === 'exists') return [filter.of.path, { exists: false }];
  const part = partOf(filter.of);
  return ['not', isOfOperators(part) ? [part] : part];
}

const partOf = (filter: Filter): Record<string, unknown> =>
  formatObject(filter.op === 'and' ? filter.of : [filter]);

function operandOf(condition: Condition): Record<string, unknown> {
  switch (condition.op) {
    case 'in':
      return { in: condition.values.map(shownValue) };
    case 'notIn':
      return { not: condition.values.map(shownValue) };
    case 'between':
      return { between: [condition.from, condition.to] };
    case 'exists':
      return { exists: true };
    default:
      return { [condition.op]: 'text' in condition ? condition.text : condition.value };
  }
}

const shownValue = (text: string): string | null => (text === MISSING ? null : text);
