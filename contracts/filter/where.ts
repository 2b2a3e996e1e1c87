import { ok, type Result, refuse } from '../errors.ts';
import { MAX_PATH, PATH } from '../metric/property-path.ts';
import { readAs } from '../schema/read-as.ts';
import type { Schema, Static } from '../schema/schema.ts';
import { excessOf, type Filter, MAX_FILTER_TEXT } from './filter.ts';
import { formatObject, readObjectForm } from './object-form.ts';
import { OPERATORS, VALUES } from './operators.ts';
import { readTextForm } from './text-form.ts';

/** What `and`, `or` and `not` hold is filters again, which keywords cannot say, or what a property of that name may be. */
const COMBINED = {
  anyOf: [...VALUES.anyOf, { type: 'array', items: { type: 'object' }, minItems: 1 }, { type: 'object' }],
  whole: true,
  expected: `a list of objects, or what a property of that name is: ${VALUES.expected}`,
} as const satisfies Schema;

const OBJECT = {
  type: 'object',
  description:
    'By dotted path: a value, a list of values, or an object of operators; all must hold. `and`, `or` and `not` combine lists of such objects',
  propertyNames: { ...PATH, subject: `a property has 1 to ${MAX_PATH} characters` },
  properties: { and: COMBINED, or: COMBINED, not: COMBINED },
  additionalProperties: {
    anyOf: [...VALUES.anyOf, OPERATORS],
    expected: `${VALUES.expected}, or an object of operators`,
  },
} as const satisfies Schema;

/** Which events or groups: `{ plan: [pro, team], amount: { gt: 0 } }`, or `plan in (pro, team) and amount > 0`. */
export const WHERE = {
  code: 'invalid_filter',
  expected: 'an object of conditions, or a text such as "country = DE and amount > 10"',
  anyOf: [
    OBJECT,
    {
      type: 'string',
      maxLength: MAX_FILTER_TEXT,
      description: 'The same as text: `country = DE and (amount > 10 or vip = true)`',
    },
  ],
  check: checkWhere,
  examples: [
    { plan: ['pro', 'team'], country: 'DE', amount: { gt: 0 }, channel: { not: 'web' } },
    { or: [{ amount: { between: [1, 5] } }, { page: { startsWith: '/docs' } }], not: { vip: true } },
    'country = DE and (amount > 10 or vip = true)',
    {},
  ],
} as const satisfies Schema;

export type Where = Static<typeof WHERE>;

function checkWhere(where: unknown, field: string) {
  const read = readForms(where as Where, field);
  return read.ok ? null : read.fault;
}

function readForms(where: Where, field: string): Result<Filter[]> {
  const read = typeof where === 'string' ? readTextForm(where, field) : readObjectForm(where, field);
  const excess = read.ok ? excessOf(read.value) : null;
  return excess === null
    ? read
    : refuse('invalid_filter', field === '' ? excess : `${field}: ${excess}`, field);
}

/** Reads a filter in either form. All filters of the list must hold; it is in normal form. */
export function parseWhere(value: unknown, field = 'where'): Result<Filter[]> {
  if (value === undefined || value === null) return ok([]);
  const read = readAs(WHERE, value, { code: 'invalid_filter', at: field });
  return read.ok ? ok(filtersOf(read.value)) : read;
}

/** The filter that a value of the schema says. Throws for another, which is a bug. */
export function filtersOf(where: Where | null | undefined): Filter[] {
  const read = readForms(where ?? {}, 'where');
  if (!read.ok) throw new TypeError(`A filter that was read before cannot be read: ${read.fault.message}`);
  return read.value;
}

/** Whether it asks for anything; what cannot be read does. */
export function hasConditions(where: Where | null | undefined): boolean {
  const read = parseWhere(where);
  return !read.ok || read.value.length > 0;
}

/** The filter as the object form, which `parseWhere` reads back to the same filter. */
export function formatWhere(filters: readonly Filter[]): Where {
  const read = readAs(WHERE, formatObject(filters), { code: 'invalid_filter' });
  if (!read.ok) throw new TypeError(`A filter was written as none: ${read.fault.message}`);
  return read.value;
}
