import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { isRecord } from '#contracts/is-record.ts';
import { WHERE, type Where } from '#contracts/metric/where.ts';
import { readAs, refuseAs } from '#contracts/schema/read-as.ts';
import type { Schema } from '#contracts/schema/schema.ts';
import { checkTexts, REQUEST_TEXTS } from '#contracts/text/check-texts.ts';
import { DURATION, durationOf } from '#contracts/text/duration.ts';
import type { ViewRequest } from '#contracts/view/view.ts';
import type { PollRequest } from '../../views/long-polls.ts';
import { readToken } from './series-token.ts';

export type SeriesQuery = Readonly<Record<string, unknown>>;

/** The longest wait, ms: below what proxies cut by default after a minute of silence. */
export const MAX_WAIT = 60_000;

/** A text that is not a duration is a fault of its parameter, like any other that cannot be read. */
const PERIOD = { ...DURATION, code: 'invalid_parameter' } as const satisfies Schema;

/** The parameters of the series route. */
export const SERIES_QUERY = {
  type: 'object',
  additionalProperties: false,
  member: 'a parameter; there are',
  properties: {
    range: { ...PERIOD, description: 'Duration such as 15m' },
    window: { ...PERIOD, description: 'Duration, a multiple of the pane' },
    groupBy: {
      anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
      expected: 'names separated by commas',
      whole: true,
      description: 'Dimensions to keep, separated by commas; empty merges all',
    },
    where: {
      type: 'string',
      expected: 'a JSON object such as {"country":"DE"}',
      description: 'URL-encoded JSON, such as {"country":"DE"}',
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
  const { range, window, groupBy, where, since, wait } = read.value;
  const filter = where === undefined ? ok(undefined) : readWhere(where);
  if (!filter.ok) return filter;
  // Empty is what a loop in a shell begins with.
  const held = since === undefined || since === '' ? ok(null) : readToken(since);
  if (!held.ok) return held;
  const request: ViewRequest = {
    metric,
    ...(range === undefined ? {} : { range }),
    ...(window === undefined ? {} : { window }),
    ...(groupBy === undefined ? {} : { groupBy: readList(groupBy) }),
    ...(filter.value === undefined ? {} : { where: filter.value }),
  };
  return ok({ request, held: held.value, wait: wait === undefined ? 0 : durationOf(wait) });
}

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

function readWhere(text: string): Result<Where> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Refused below, in the same words.
  }
  if (!isRecord(value))
    return refuseAs(SERIES_QUERY.properties.where, text, { code: 'invalid_parameter', at: 'where' });
  const unfit = checkTexts({ where: value }, 'invalid_parameter', REQUEST_TEXTS);
  if (unfit !== null) return { ok: false, fault: unfit };
  return readAs(WHERE, value, { code: 'invalid_filter', at: 'where' });
}
