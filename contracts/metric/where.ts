import { ok, type Result, refuse, shown } from '../errors.ts';
import { isRecord } from '../is-record.ts';
import { dimensionText, MISSING, readPath } from './dimension.ts';
import { isPropertyPath, MAX_PATH } from './property-path.ts';

/**
 * One condition on a property; all conditions of a `where` must hold.
 * `in` and `notIn` compare canonical dimension text; the others compare numbers and never match anything else.
 */
export type Condition =
  | { path: string; op: 'in' | 'notIn'; values: string[] }
  | { path: string; op: 'gt' | 'gte' | 'lt' | 'lte'; value: number };

const COMPARISONS = ['gt', 'gte', 'lt', 'lte'] as const;
type Comparison = (typeof COMPARISONS)[number];
const MAX_CONDITIONS = 32;
const MAX_VALUES = 256;

/** Reads `{ plan: [pro, team], country: DE, amount: { gt: 0 }, channel: { not: web } }`; conditions come sorted. */
export function parseWhere(value: unknown, field = 'where'): Result<Condition[]> {
  if (value === undefined || value === null) return ok([]);
  if (!isRecord(value)) {
    return refuse(
      'invalid_filter',
      `${field}: expected an object of conditions, got ${shown(value)}.`,
      field,
    );
  }
  const conditions: Condition[] = [];
  for (const [path, wanted] of Object.entries(value)) {
    const read = readConditions(path, wanted, `${field}.${path}`);
    if (!read.ok) return read;
    conditions.push(...read.value);
  }
  if (conditions.length > MAX_CONDITIONS) {
    return refuse(
      'invalid_filter',
      `${field}: ${conditions.length} conditions; ${MAX_CONDITIONS} are allowed.`,
      field,
    );
  }
  return ok(conditions.sort((a, b) => order(a.path, b.path) || order(a.op, b.op)));
}

function readConditions(path: string, wanted: unknown, field: string): Result<Condition[]> {
  if (!isPropertyPath(path)) {
    const message = `where: a property has 1 to ${MAX_PATH} characters, got ${shown(path)}.`;
    return refuse('invalid_filter', message, field);
  }
  if (isRecord(wanted)) {
    const out: Condition[] = [];
    for (const [op, operand] of Object.entries(wanted)) {
      if (op === 'not') {
        const values = readValues(operand, field);
        if (!values.ok) return values;
        out.push({ path, op: 'notIn', values: values.value });
      } else if ((COMPARISONS as readonly string[]).includes(op) && typeof operand === 'number') {
        out.push({ path, op: op as Comparison, value: operand });
      } else {
        return refuse(
          'invalid_filter',
          `${field}: expected gt, gte, lt or lte with a number, or not, got ${shown(wanted)}.`,
          field,
        );
      }
    }
    if (out.length > 0) return ok(out);
    return refuse('invalid_filter', `${field}: the condition is empty.`, field);
  }
  const values = readValues(wanted, field);
  return values.ok ? ok([{ path, op: 'in', values: values.value }]) : values;
}

function readValues(wanted: unknown, field: string): Result<string[]> {
  const list = Array.isArray(wanted) ? wanted : [wanted];
  const fits = list.length > 0 && list.length <= MAX_VALUES;
  const texts = fits ? list.map((v) => (v === undefined ? undefined : dimensionText(v))) : [];
  if (!fits || texts.includes(undefined)) {
    return refuse(
      'invalid_filter',
      `${field}: expected a text, number, boolean, null, or a list of 1 to ${MAX_VALUES} of them, got ${shown(wanted)}.`,
      field,
    );
  }
  return ok([...new Set(texts as string[])].sort());
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether an event's properties satisfy all conditions. */
export function matches(
  conditions: readonly Condition[],
  properties: Readonly<Record<string, unknown>>,
): boolean {
  return conditions.every((condition) => holds(condition, readPath(properties, condition.path)));
}

/** Whether one condition is satisfied by the value at its path. */
export function holds(condition: Condition, value: unknown): boolean {
  if (!('values' in condition)) return compare(condition.op, value, condition.value);
  const text = dimensionText(value);
  // An object or array has no text: it is in no list.
  const found = text !== undefined && condition.values.includes(text);
  return found === (condition.op === 'in');
}

function compare(op: Comparison, value: unknown, bound: number): boolean {
  if (typeof value !== 'number') return false;
  if (op === 'gt') return value > bound;
  if (op === 'gte') return value >= bound;
  return op === 'lt' ? value < bound : value <= bound;
}

/** The conditions as the object form that `parseWhere` reads back to the same conditions. */
export function formatWhere(conditions: readonly Condition[]): Record<string, unknown> {
  const out = new Map<string, Record<string, unknown>>();
  for (const c of conditions) {
    const entry = out.get(c.path) ?? {};
    out.set(c.path, entry);
    if ('values' in c) entry[c.op === 'in' ? 'in' : 'not'] = c.values.map((v) => (v === MISSING ? null : v));
    else entry[c.op] = c.value;
  }
  return Object.fromEntries([...out].map(([path, entry]) => [path, entry.in ?? entry]));
}
