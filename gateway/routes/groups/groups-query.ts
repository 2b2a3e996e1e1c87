import { ok, type Result, refuse } from '#contracts/errors.ts';
import { parseTimestamp } from '#contracts/event/timestamp.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import type { Schema, Static } from '#contracts/schema/schema.ts';
import { DURATION, durationOf, MINUTE } from '#contracts/text/duration.ts';
import { timeParameter } from '../events/page-query.ts';
import { readTime } from '../series/series-query.ts';

const DEFAULT_RANGE = 15 * MINUTE;
const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;

/** The parameters of the route. */
export const GROUPS_QUERY = {
  type: 'object',
  additionalProperties: false,
  member: 'a parameter; there are',
  properties: {
    range: { ...DURATION, code: 'invalid_parameter', description: 'Duration up to now; default 15m' },
    from: timeParameter('With `to` in place of `range`: only panes from this time on'),
    to: timeParameter('Only panes before this time'),
    limit: {
      type: 'string',
      pattern: '^[0-9]{1,9}$',
      expected: `a whole number from 1 to ${MAX_LIMIT}`,
      description: `Names that are listed of each level, 1 to ${MAX_LIMIT}; default ${DEFAULT_LIMIT}`,
      check: checkLimit,
      examples: ['10'],
    },
  },
} as const satisfies Schema;

function checkLimit(text: unknown, field: string) {
  const limit = Number(text);
  if (limit >= 1 && limit <= MAX_LIMIT) return null;
  return refuse('out_of_range', `${field}: expected 1 to ${MAX_LIMIT}, got ${limit}.`, field).fault;
}

export interface AskedGroups {
  from: number;
  to: number;
  limit: number;
}

/** Reads the parameters. Refused with `invalid_parameter` or `out_of_range`. */
export function readGroupsQuery(query: unknown, now: number): Result<AskedGroups> {
  const read = readAs(GROUPS_QUERY, query, { code: 'invalid_parameter' });
  if (!read.ok) return read;
  const range = readRange(read.value, now);
  if (!range.ok) return range;
  return ok({ ...range.value, limit: Number(read.value.limit ?? DEFAULT_LIMIT) });
}

function readRange(
  { range, from, to }: Static<typeof GROUPS_QUERY>,
  now: number,
): Result<{ from: number; to: number }> {
  if (from === undefined && to === undefined) {
    const length = range === undefined ? DEFAULT_RANGE : durationOf(range);
    return ok({ from: Math.max(0, now - length), to: now });
  }
  if (range !== undefined)
    return refuse('invalid_parameter', 'range: expected none beside from and to.', 'range');
  const missing = from === undefined ? 'from' : 'to';
  const [start, end] = [from, to].map((text) => parseTimestamp(readTime(text)));
  if (start == null || end == null)
    return refuse('invalid_parameter', `${missing}: from and to are given together.`, missing);
  if (start < end) return ok({ from: start, to: end });
  return refuse('invalid_parameter', 'to: expected a time after from.', 'to');
}
