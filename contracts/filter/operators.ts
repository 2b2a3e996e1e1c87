import { refuse } from '../errors.ts';
import type { Schema, Static } from '../schema/schema.ts';
import { MAX_OPERAND, MAX_VALUES } from './filter.ts';
import { MAX_PATTERN, refusalOfPattern } from './pattern.ts';

const SCALAR = { type: ['string', 'number', 'boolean', 'null'] } as const satisfies Schema;

/** What a property may be: one of these. */
export const VALUES = {
  anyOf: [SCALAR, { type: 'array', items: SCALAR, minItems: 1, maxItems: MAX_VALUES }],
  whole: true,
  expected: `a text, number, boolean, null, or a list of 1 to ${MAX_VALUES} of them`,
} as const satisfies Schema;

export type Values = Static<typeof VALUES>;

const BOUND = { type: 'number' } as const satisfies Schema;
const TEXT = {
  type: ['string', 'number'],
  minLength: 1,
  maxLength: MAX_OPERAND,
  expected: `a text of 1 to ${MAX_OPERAND} characters`,
} as const satisfies Schema;

/** What the object form says of one property: all of it must hold. */
export const OPERATORS = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  expected: 'an object of operators such as { gt: 0 }',
  member: 'an operator; there are',
  properties: {
    eq: { ...SCALAR, expected: 'a text, number, boolean or null' },
    in: VALUES,
    not: VALUES,
    gt: BOUND,
    gte: BOUND,
    lt: BOUND,
    lte: BOUND,
    between: {
      type: 'array',
      items: BOUND,
      minItems: 2,
      maxItems: 2,
      whole: true,
      expected: 'a list of two numbers, both included',
    },
    exists: { type: 'boolean' },
    contains: TEXT,
    startsWith: TEXT,
    endsWith: TEXT,
    matches: {
      type: 'string',
      minLength: 1,
      maxLength: MAX_PATTERN,
      description: 'A regular expression of RE2',
      check: checkPattern,
      examples: ['^/checkout/[0-9]+$', '(?i)chrome|firefox'],
    },
  },
} as const satisfies Schema;

export type Operators = Static<typeof OPERATORS>;

function checkPattern(pattern: unknown, field: string) {
  const reason = typeof pattern === 'string' ? refusalOfPattern(pattern) : null;
  if (reason === null) return null;
  return refuse('invalid_filter', `${field}: cannot read the pattern: ${reason}.`, field).fault;
}
