import { ok, type Result, refuse } from '../errors.ts';
import { isRecord } from '../is-record.ts';
import { readAs } from '../schema/read-as.ts';
import type { Schema, Static } from '../schema/schema.ts';
import { dimensionText, MISSING, readPath } from './dimension.ts';
import { MAX_PATH, PATH } from './property-path.ts';

/**
 * One condition on a property; all conditions of a `where` must hold.
 * `in` and `notIn` compare canonical dimension text; the others compare numbers and never match anything else.
 */
export type Condition =
  | { path: string; op: 'in' | 'notIn'; values: string[] }
  | { path: string; op: Comparison; value: number };

const COMPARISONS = ['gt', 'gte', 'lt', 'lte'] as const;
type Comparison = (typeof COMPARISONS)[number];
const MAX_CONDITIONS = 32;
const MAX_VALUES = 256;

const SCALAR = { type: ['string', 'number', 'boolean', 'null'] } as const satisfies Schema;
const LIST = {
  type: 'array',
  items: SCALAR,
  minItems: 1,
  maxItems: MAX_VALUES,
} as const satisfies Schema;
const VALUES = {
  anyOf: [SCALAR, LIST],
  whole: true,
  expected: `a text, number, boolean, null, or a list of 1 to ${MAX_VALUES} of them`,
} as const satisfies Schema;
const BOUND = { type: 'number' } as const satisfies Schema;
const OPERATORS = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  expected: 'gt, gte, lt or lte with a number, or not',
  properties: { not: VALUES, gt: BOUND, gte: BOUND, lt: BOUND, lte: BOUND },
} as const satisfies Schema;

/** By dotted path: `{ plan: [pro, team], country: DE, amount: { gt: 0 }, channel: { not: web } }`. */
export const WHERE = {
  type: 'object',
  description: 'Filter by dotted path: a value, a list of values, or an object with not, gt, gte, lt, lte',
  code: 'invalid_filter',
  expected: 'an object of conditions',
  propertyNames: { ...PATH, subject: `a property has 1 to ${MAX_PATH} characters` },
  additionalProperties: { anyOf: [SCALAR, { ...LIST, expected: VALUES.expected, whole: true }, OPERATORS] },
  check: checkCount,
  examples: [{ plan: ['pro', 'team'], country: 'DE', amount: { gt: 0 }, channel: { not: 'web' } }, {}],
} as const satisfies Schema;

export type Where = Static<typeof WHERE>;

function checkCount(where: unknown, field: string) {
  const count = Object.values(isRecord(where) ? where : {})
    .map((wanted) => (isRecord(wanted) ? Object.keys(wanted).length : 1))
    .reduce((sum, n) => sum + n, 0);
  if (count <= MAX_CONDITIONS) return null;
  const message = `${field}: ${count} conditions; ${MAX_CONDITIONS} are allowed.`;
  return refuse('invalid_filter', message, field).fault;
}

/** Reads a filter; conditions come sorted. */
export function parseWhere(value: unknown, field = 'where'): Result<Condition[]> {
  if (value === undefined || value === null) return ok([]);
  const read = readAs(WHERE, value, { code: 'invalid_filter', at: field });
  return read.ok ? ok(conditionsOf(read.value)) : read;
}

/** The conditions of a filter, sorted. */
export function conditionsOf(where: Where | null | undefined): Condition[] {
  const conditions = Object.entries(where ?? {}).flatMap(([path, wanted]): Condition[] => {
    if (!isRecord(wanted)) return [{ path, op: 'in', values: textsOf(wanted) }];
    const { not, ...bounds } = wanted;
    const compared = COMPARISONS.flatMap((op): Condition[] => {
      const value = bounds[op];
      return value === undefined ? [] : [{ path, op, value }];
    });
    return not === undefined ? compared : [...compared, { path, op: 'notIn', values: textsOf(not) }];
  });
  return conditions.sort((a, b) => order(a.path, b.path) || order(a.op, b.op));
}

/** Canonical texts of the values, sorted and without repeats. */
const textsOf = (wanted: Static<typeof VALUES>): string[] =>
  [...new Set([wanted].flat().map((value) => dimensionText(value) ?? MISSING))].sort();

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
