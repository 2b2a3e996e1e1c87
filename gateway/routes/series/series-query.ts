import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { WHERE, type Where } from '#contracts/filter/where.ts';
import { isRecord } from '#contracts/is-record.ts';
import { readAs, refuseAs } from '#contracts/schema/read-as.ts';
import type { Schema, Static } from '#contracts/schema/schema.ts';
import { checkTexts, REQUEST_TEXTS } from '#contracts/text/check-texts.ts';
import { DURATION, durationOf } from '#contracts/text/duration.ts';
import { wordOr } from '#contracts/view/view-request.ts';
import type { PollRequest } from '../../views/long-polls.ts';
import { readToken } from './series-token.ts';

export type SeriesQuery = Readonly<Record<string, unknown>>;

/** The longest wait, ms: below what proxies cut by default after a minute of silence. */
export const MAX_WAIT = 60_000;

/** A text that is not a duration is a fault of its parameter, like any other that cannot be read. */
const PERIOD = { ...DURATION, code: 'invalid_parameter' } as const satisfies Schema;
const COUNT = {
  type: 'string',
  pattern: '^[0-9]{1,4}$',
  expected: 'a whole number',
  examples: ['10'],
} as const satisfies Schema;

/** A text as the schema has it, or an object as JSON, which is judged where the view is opened. */
const textOrObject = (
  { pattern, test }: { pattern: string; test?: (value: unknown) => boolean },
  forms: string,
) =>
  ({
    type: 'string',
    code: 'invalid_parameter',
    expected: forms,
    test: (text: unknown) => {
      if (typeof text !== 'string') return false;
      if (text.startsWith('{')) return readObject(text) !== null;
      return new RegExp(pattern, 'u').test(text) && test?.(text) !== false;
    },
    examples: ['{}'],
  }) as const satisfies Schema;

function readObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    // Refused with the words of the parameter.
    return null;
  }
}

/** The parameters of the series route. */
export const SERIES_QUERY = {
  type: 'object',
  additionalProperties: false,
  member: 'a parameter; there are',
  properties: {
    range: {
      ...textOrObject(DURATION, '15m or {"this":"day","timezone":"Europe/Berlin"}'),
      description: 'Duration such as 15m, or URL-encoded JSON such as {"this":"day"}',
    },
    from: {
      type: 'string',
      description: 'With `to` in place of `range`: a time such as 2026-11-29T14:00:00Z',
    },
    to: { type: 'string', description: 'End of the range; a time such as 2026-11-29T14:30:00Z' },
    window: {
      ...textOrObject(wordOr('auto', 'whole'), '10s, auto, whole or {"calendar":"day"}'),
      description:
        'Duration, a multiple of the pane; auto, whole, or URL-encoded JSON such as {"size":"1h","every":"10s"} or {"calendar":"day","timezone":"Europe/Berlin"}',
    },
    points: { ...COUNT, description: 'With window=auto: how many windows at most' },
    compare: {
      ...textOrObject(wordOr('previous'), 'previous, 7d or {"calendar":"month"}'),
      description: 'previous, a duration such as 7d, or URL-encoded JSON such as {"calendar":"month"}',
    },
    top: {
      ...textOrObject(COUNT, '10 or {"by":"p99","limit":10}'),
      description:
        'Number of groups with the highest values, or URL-encoded JSON such as {"by":"p99","limit":10}',
    },
    groupBy: {
      anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
      expected: 'names separated by commas',
      whole: true,
      description: 'Dimensions to keep, separated by commas; empty merges all',
    },
    where: {
      type: 'string',
      expected: 'a filter such as country = DE, or a JSON object such as {"country":"DE"}',
      description:
        'Filter on dimensions: a text such as country = DE, or JSON such as {"country":"DE"}; URL-encoded',
    },
    since: {
      type: 'string',
      expected: 'the "next" of an earlier answer',
      description:
        '`next` of an earlier response to the same request, to get only what changed; empty returns everything',
    },
    wait: {
      ...PERIOD,
      description: 'Duration up to 60s; with `since`, how long the response waits for a change',
      check: checkWait,
    },
  },
} as const satisfies Schema;

function checkWait(text: unknown, field: string) {
  if (durationOf(String(text)) <= MAX_WAIT) return null;
  return refuse('out_of_range', `${field}: at most ${MAX_WAIT / 1_000}s, got ${shown(text)}.`, field).fault;
}

/** Reads the parameters of the series route; what the metric allows is checked where the view is opened. */
export function readSeriesQuery(
  metric: string,
  query: SeriesQuery,
): Result<Omit<PollRequest, 'caller' | 'owner'>> {
  const read = readAs(SERIES_QUERY, query, { code: 'invalid_parameter' });
  if (!read.ok) return read;
  const { groupBy, where, since, wait } = read.value;
  const range = readRange(read.value);
  if (!range.ok) return range;
  const filter = where === undefined ? ok(undefined) : readWhere(where);
  if (!filter.ok) return filter;
  // Empty is what a loop in a shell begins with.
  const held = since === undefined || since === '' ? ok(null) : readToken(since);
  if (!held.ok) return held;
  const { window, compare, top, points } = read.value;
  // Its parts are judged where the view is opened, as those of sockets are.
  const request: Record<string, unknown> = {
    metric,
    ...range.value,
    ...(window === undefined ? {} : { window: readObject(window) ?? window }),
    ...(compare === undefined ? {} : { compare: readObject(compare) ?? compare }),
    ...(top === undefined ? {} : { top: readObject(top) ?? { limit: Number(top) } }),
    ...(points === undefined ? {} : { points: Number(points) }),
    ...(groupBy === undefined ? {} : { groupBy: readList(groupBy) }),
    ...(filter.value === undefined ? {} : { where: filter.value }),
  };
  return ok({ request, held: held.value, wait: wait === undefined ? 0 : durationOf(wait) });
}

function readRange({
  range,
  from,
  to,
}: Static<typeof SERIES_QUERY>): Result<{ range?: string | Record<string, unknown> }> {
  if (from === undefined && to === undefined)
    return ok(range === undefined ? {} : { range: readObject(range) ?? range });
  const missing = from === undefined ? 'from' : to === undefined ? 'to' : null;
  if (missing !== null)
    return refuse('invalid_parameter', `${missing}: from and to are given together.`, missing);
  if (range === undefined) return ok({ range: { from: readTime(from), to: readTime(to) } });
  return refuse('invalid_parameter', 'range: expected none beside from and to.', 'range');
}

/** An epoch number comes as text, too. */
export const readTime = (text: string | undefined): string | number | undefined =>
  text !== undefined && /^[0-9]+$/.test(text) ? Number(text) : text;

/** Names separated by commas, or a JSON list of them, which may hold commas too. */
const readList = (value: string | string[]): string[] =>
  [value]
    .flat()
    .flatMap((part) => readJsonList(part) ?? part.split(','))
    .filter((part) => part !== '');

function readJsonList(text: string): string[] | null {
  if (!text.startsWith('[')) return null;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((name) => typeof name === 'string') ? list : null;
  } catch {
    // A name may begin with a bracket too.
    return null;
  }
}

/** Reads a filter that is a parameter of an address. */
export function readWhere(text: string): Result<Where> {
  // No filter as text begins with a brace.
  if (!text.trimStart().startsWith('{')) return readAs(WHERE, text, { code: 'invalid_filter', at: 'where' });
  const value = readObject(text);
  if (value === null)
    return refuseAs(SERIES_QUERY.properties.where, text, { code: 'invalid_parameter', at: 'where' });
  const unfit = checkTexts({ where: value }, 'invalid_parameter', REQUEST_TEXTS);
  if (unfit !== null) return { ok: false, fault: unfit };
  return readAs(WHERE, value, { code: 'invalid_filter', at: 'where' });
}
