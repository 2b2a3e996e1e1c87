import { isRecord } from '#contracts/is-record.ts';
import { type EnvelopeField, envelopeFieldOf, propertyPath } from '#contracts/metric/envelope.ts';
import { quoteName } from '../connection/bind-params.ts';

/**
 * How the archive keeps properties: one flat JSON object of dotted path → tagged text, so that the engine infers
 * no type, can refuse no value, and a dimension is the very text that JavaScript makes. The first character is the tag:
 * `s` string, `n` finite number in shortest form, `x` another number, `b` boolean, `0` null, `a` array as JSON text,
 * `o` object (its members have paths of their own).
 */
export function flattenProperties(text: string): Record<string, string> {
  // An ordinary object: one without a prototype is a hash table to V8, and twice as slow to fill and to write.
  const out: Record<string, string> = {};
  flattenInto(out, '', JSON.parse(text) as Record<string, unknown>);
  return out;
}

function flattenInto(out: Record<string, string>, prefix: string, object: Record<string, unknown>): void {
  for (const name of Object.keys(object)) {
    const value = object[name];
    const path = prefix + name;
    const column = columnPath(path);
    if (isRecord(value)) {
      if (!Object.hasOwn(out, column)) keep(out, column, 'o');
      flattenInto(out, `${path}.`, value);
    } else keep(out, column, tagged(value));
  }
}

/** `__proto__` is a name like any other, but assigning to it is not. */
function keep(out: Record<string, string>, column: string, text: string): void {
  if (column !== '__proto__') out[column] = text;
  else
    Object.defineProperty(out, column, { value: text, enumerable: true, configurable: true, writable: true });
}

function tagged(value: unknown): string {
  if (typeof value === 'string') return `s${value}`;
  if (typeof value === 'number') return `${Number.isFinite(value) ? 'n' : 'x'}${value}`;
  if (typeof value === 'boolean') return `b${value}`;
  return value === null ? '0' : `a${JSON.stringify(value)}`;
}

/** A dotted path as a name inside the JSON column: what has a meaning in ClickHouse's own syntax is written as %hex;. */
function columnPath(path: string): string {
  if (PLAIN.test(path)) return path;
  if (path === '') return '%';
  return path.replace(/[^\p{L}\p{N}_.-]/gu, (c) => `%${c.codePointAt(0)!.toString(16)};`);
}

/** The path that a column of the JSON column keeps. */
export const pathOfColumn = (column: string): string =>
  column === '%'
    ? ''
    : column.replace(/%([0-9a-f]+);/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));

/** Nearly all names, and cheap to tell. */
const PLAIN = /^[A-Za-z0-9_.-]+$/;

/** SQL over one property of the events table. */
export interface PropertySql {
  /** The first character of the stored text, which says its type. */
  tag: string;
  /** The canonical dimension text; meaningful where `isText` holds. */
  text: string;
  /** Neither an object nor an array. */
  isText: string;
  /** Null or absent. */
  isMissing: string;
  /** Float64; meaningful where the value is a number. */
  number: string;
  /** Any JSON number, and only the finite ones. */
  isNumber: string;
  isFinite: string;
}

/** `missing` is the text of an absent value, as an SQL literal. A path may name a field of the envelope, which has a column of its own. */
export function propertySql(path: string, missing: string): PropertySql {
  const field = envelopeFieldOf(path);
  if (field !== null) return envelopeSql(COLUMNS[field], missing);
  const raw = rawSql(path);
  const tag = `substring(${raw}, 1, 1)`;
  return {
    tag,
    text: `if(${tag} = '0', ${missing}, substring(${raw}, 2))`,
    isText: `${tag} NOT IN ('o', 'a')`,
    isMissing: `${tag} = '0'`,
    number: `toFloat64OrZero(substring(${raw}, 2))`,
    isNumber: `${tag} IN ('n', 'x')`,
    isFinite: `${tag} = 'n'`,
  };
}

/** SQL of the type that a property has, as one of PROPERTY_TYPES. */
export function typeSql(path: string): string {
  const field = envelopeFieldOf(path);
  if (field === '$timestamp') return "'number'";
  if (field !== null) return `if(${propertySql(path, "''").isMissing}, 'nothing', 'text')`;
  const tag = `substring(${rawSql(path)}, 1, 1)`;
  return `transform(${tag}, ['s', 'n', 'x', 'b', 'a', 'o'], ['text', 'number', 'number', 'boolean', 'list', 'object'], 'nothing')`;
}

const rawSql = (path: string): string =>
  `ifNull(properties.${quoteName(columnPath(propertyPath(path)))}.:String, '0')`;

const COLUMNS = { $event: 'event', $id: 'id', $key: 'key', $timestamp: 'ts' } as const;

/** A time is a number; the others are texts, which may be absent. */
function envelopeSql(column: (typeof COLUMNS)[EnvelopeField], missing: string): PropertySql {
  const isNumber = column === 'ts';
  const isMissing = column === 'id' || column === 'key' ? `isNull(${column})` : 'false';
  return {
    tag: isNumber ? "'n'" : `if(${isMissing}, '0', 's')`,
    text: isNumber ? `toString(${column})` : `ifNull(toString(${column}), ${missing})`,
    isText: 'true',
    isMissing,
    number: isNumber ? `toFloat64(${column})` : '0.',
    isNumber: String(isNumber),
    isFinite: String(isNumber),
  };
}
