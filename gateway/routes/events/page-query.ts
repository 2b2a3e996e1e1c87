import { ok, type Result, refuse } from '#contracts/errors.ts';
import { parseTimestamp } from '#contracts/event/timestamp.ts';
import { filtersOf } from '#contracts/filter/where.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import type { Schema, Static } from '#contracts/schema/schema.ts';
import type { EventQuery } from '#platform/store/event-query.ts';
import { readTime, readWhere, SERIES_QUERY } from '../series/series-query.ts';
import { readCursor } from './event-cursor.ts';

/** Events of an answer, and at most. */
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/** A parameter that is a time. */
export const timeParameter = <const Text extends string>(description: Text) =>
  ({
    type: 'string',
    expected: 'a time such as 2026-11-29T14:00:00Z, or epoch ms',
    description,
    test: (text: unknown) => typeof text === 'string' && parseTimestamp(readTime(text)) !== null,
    examples: ['2026-11-29T14:00:00Z', '1796050800000'],
  }) as const satisfies Schema;
const NAME = { type: 'string', minLength: 1 } as const satisfies Schema;

/** The parameters that name a page. */
export const PAGE_PARAMETERS = {
  limit: {
    type: 'string',
    pattern: '^[0-9]{1,6}$',
    expected: 'a whole number',
    description: `Events of a page, 1 to ${MAX_LIMIT}; default ${DEFAULT_LIMIT}`,
    examples: ['100'],
  },
  cursor: { type: 'string', description: '`next` of an earlier answer: goes on from there' },
} as const satisfies Readonly<Record<string, Schema>>;

/** The parameters of `GET /v1/events`. */
export const PAGE_QUERY = {
  type: 'object',
  additionalProperties: false,
  member: 'a parameter; there are',
  properties: {
    from: timeParameter(
      'Only events from this time on, by their own time; ISO 8601 with a zone, or epoch s or ms',
    ),
    to: timeParameter('Only events before this time'),
    event: {
      anyOf: [NAME, { type: 'array', items: NAME }],
      expected: 'the name of an event',
      whole: true,
      description: 'Only events of this name; several times: of one of these names',
    },
    key: { ...NAME, description: 'Only events of this key: all of them are found' },
    id: { ...NAME, description: 'Only events with this id: all of them are found' },
    where: {
      ...SERIES_QUERY.properties.where,
      description: 'Filter on properties, as in a metric: as text, or as URL-encoded JSON',
    },
    ...PAGE_PARAMETERS,
  },
} as const satisfies Schema;

/** Reads the parameters. Refused with `invalid_parameter`, `out_of_range` or `invalid_filter`. */
export function readPageQuery(query: Readonly<Record<string, unknown>>): Result<Omit<EventQuery, 'rows'>> {
  const read = readAs(PAGE_QUERY, query, { code: 'invalid_parameter' });
  if (!read.ok) return read;
  const { event, key, id, where } = read.value;
  const [from, to] = [timeOf(read.value.from), timeOf(read.value.to)];
  if (from !== undefined && to !== undefined && from >= to)
    return refuse('invalid_parameter', 'to: expected a time after from.', 'to');
  const page = readPage(read.value);
  if (!page.ok) return page;
  const filter = where === undefined ? ok(undefined) : readWhere(where);
  if (!filter.ok) return filter;
  const events = event === undefined ? undefined : [event].flat();
  return ok({
    from,
    to,
    events,
    key,
    id,
    where: filtersOf(filter.value),
    ...page.value,
  });
}

/** Reads which page is meant. Refused with `out_of_range` or `invalid_parameter`. */
export function readPage({
  limit = String(DEFAULT_LIMIT),
  cursor,
}: Static<{ type: 'object'; properties: typeof PAGE_PARAMETERS }>): Result<
  Pick<EventQuery, 'limit' | 'before'>
> {
  if (Number(limit) < 1 || Number(limit) > MAX_LIMIT)
    return refuse('out_of_range', `limit: expected 1 to ${MAX_LIMIT}, got ${Number(limit)}.`, 'limit');
  const before = cursor === undefined || cursor === '' ? ok(undefined) : readCursor(cursor);
  return before.ok ? ok({ limit: Number(limit), before: before.value }) : before;
}

/** What the schema has judged. */
export const timeOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : (parseTimestamp(readTime(text)) ?? undefined);
