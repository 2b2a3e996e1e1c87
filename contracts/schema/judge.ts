import type { ErrorCode } from '../errors.ts';
import { isRecord } from '../is-record.ts';
import { type Schema, withoutNull } from './schema.ts';

/** Where a value does not fit, and which schema it does not fit. */
export interface Misfit {
  schema: Schema;
  value: unknown;
  /** Names and indices from the root to the value. */
  path: (string | number)[];
  /** Of an object: a name that it may not hold. */
  name?: string;
  /** Of the innermost schema that names one. */
  code?: ErrorCode | undefined;
  /** The keywords hold, and the schema's own check refuses it. */
  isChecked?: true;
}

/** The first misfit in the order of the schema; null where the value fits. Paths are built only for a misfit. */
export function judge(schema: Schema, value: unknown): Misfit | null {
  const found = findMisfit(schema, value);
  if (found !== null) found.code ??= schema.code;
  return found;
}

function findMisfit(schema: Schema, value: unknown): Misfit | null {
  if (schema.anyOf !== undefined) return judgeUnion(schema, schema.anyOf, value);
  if (!fitsItself(schema, value)) return misfit(schema, value);
  const found = judgeWithin(schema, value);
  if (found !== null) {
    const isNamed = found.name !== undefined && found.schema.member !== undefined;
    return schema.whole === true && !isNamed ? misfit(schema, value) : found;
  }
  return refine(schema, value);
}

const misfit = (schema: Schema, value: unknown): Misfit => ({ schema, value, path: [] });

/** What no keyword says, once the keywords hold. */
function refine(schema: Schema, value: unknown): Misfit | null {
  if (schema.test?.(value) === false) return misfit(schema, value);
  const isChecked = schema.check !== undefined && schema.check(value, '') !== null;
  return isChecked ? { ...misfit(schema, value), isChecked } : null;
}

function judgeUnion(schema: Schema, branches: readonly Schema[], value: unknown): Misfit | null {
  const shape = withoutNull(schema);
  if (shape !== null) return (value === null ? null : judge(shape, value)) ?? refine(schema, value);
  const possible = branches.filter((branch) => mayFit(branch, value));
  const found = possible.length === 1 ? judge(possible[0]!, value) : firstFit(schema, possible, value);
  if (found === null) return refine(schema, value);
  const isOwn = found.path.length === 0 && found.name === undefined && schema.expected !== undefined;
  return schema.whole === true || isOwn ? misfit(schema, value) : found;
}

const firstFit = (schema: Schema, branches: readonly Schema[], value: unknown): Misfit | null =>
  branches.some((branch) => judge(branch, value) === null) ? null : misfit(schema, value);

/** Whether a branch is for values of this kind, and for objects with these constants. */
function mayFit(branch: Schema, value: unknown): boolean {
  if (branch.anyOf !== undefined) return branch.anyOf.some((inner) => mayFit(inner, value));
  if (!isOfType(branch, value)) return false;
  if (!isRecord(value) || branch.properties === undefined) return true;
  for (const name in branch.properties) {
    const wanted = branch.properties[name]!.const;
    if (wanted !== undefined && value[name] !== wanted) return false;
  }
  return true;
}

function isOfType({ type, const: constant, enum: values }: Schema, value: unknown): boolean {
  if (constant !== undefined) return value === constant;
  if (values !== undefined) return values.includes(value);
  if (type === undefined) return value !== undefined;
  return typeof type === 'string' ? isA(type, value) : type.some((one) => isA(one, value));
}

function isA(type: string, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'integer':
      return Number.isSafeInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isRecord(value);
    default:
      return typeof value === type;
  }
}

/** Whether the value itself fits, regardless of its contents. */
function fitsItself(schema: Schema, value: unknown): boolean {
  if (!isOfType(schema, value)) return false;
  if (typeof value === 'string') return fitsText(schema, value);
  if (typeof value === 'number') {
    const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
    return !(value < minimum || value > maximum);
  }
  if (Array.isArray(value)) {
    const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, uniqueItems = false } = schema;
    if (value.length < minItems || value.length > maxItems) return false;
    return !uniqueItems || new Set(value).size === value.length;
  }
  return (
    schema.minProperties === undefined ||
    !isRecord(value) ||
    Object.keys(value).length >= schema.minProperties
  );
}

function fitsText({ minLength = 0, maxLength, characters, pattern }: Schema, text: string): boolean {
  if (text.length < minLength || (maxLength !== undefined && text.length > maxLength)) return false;
  // A character has one or two units, so that few texts need counting.
  if (characters !== undefined && text.length > characters) {
    if (text.length > 2 * characters || [...text].length > characters) return false;
  }
  return pattern === undefined || patternOf(pattern).test(text);
}

const patterns = new Map<string, RegExp>();

function patternOf(source: string): RegExp {
  const known = patterns.get(source);
  if (known !== undefined) return known;
  const made = new RegExp(source, 'u');
  patterns.set(source, made);
  return made;
}

function judgeWithin(schema: Schema, value: unknown): Misfit | null {
  if (Array.isArray(value)) return schema.items === undefined ? null : judgeItems(schema.items, value);
  return isRecord(value) ? judgeObject(schema, value) : null;
}

const plainTypes = new WeakMap<Schema, string>();

/** What `typeof` says of all that fits a schema of nothing but a type, empty for another: long lists are mostly of such. */
function plainTypeOf(schema: Schema): string {
  const known = plainTypes.get(schema);
  if (known !== undefined) return known;
  const { type, ...more } = schema;
  const isPlain = (type === 'number' || type === 'string') && Object.keys(more).length === 0;
  plainTypes.set(schema, isPlain ? type : '');
  return isPlain ? type : '';
}

function judgeItems(items: Schema, list: readonly unknown[]): Misfit | null {
  const plain = plainTypeOf(items);
  for (let i = 0; i < list.length; i++) {
    if (typeof list[i] === plain) continue;
    const found = judge(items, list[i]);
    if (found !== null) return outwards(found, i);
  }
  return null;
}

function judgeObject(schema: Schema, object: Readonly<Record<string, unknown>>): Misfit | null {
  const { properties = {}, required = [], additionalProperties: others = true, propertyNames } = schema;
  if (others !== true || propertyNames !== undefined) {
    for (const name of Object.keys(object)) {
      if (Object.hasOwn(properties, name)) continue;
      const isAllowed = propertyNames === undefined || judge(propertyNames, name) === null;
      if (others === false || !isAllowed) return { ...misfit(schema, object), name };
      const found = others === true ? null : judge(others, object[name]);
      if (found !== null) return outwards(found, name);
    }
  }
  for (const name in properties) {
    const value = object[name];
    if (value === undefined && !required.includes(name)) continue;
    const found = value === undefined ? misfit(properties[name]!, value) : judge(properties[name]!, value);
    if (found !== null) return outwards(found, name);
  }
  return null;
}

function outwards(found: Misfit, step: string | number): Misfit {
  found.path.unshift(step);
  return found;
}
