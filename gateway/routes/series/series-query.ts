import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { checkTexts, REQUEST_TEXTS } from '#contracts/text/check-texts.ts';
import { parseDuration } from '#contracts/text/duration.ts';
import type { ViewRequest } from '#contracts/view/view.ts';
import type { PollRequest } from '../../views/long-polls.ts';
import { readToken } from './series-token.ts';

export type SeriesQuery = Record<string, string | string[] | undefined>;

const PARAMETERS = ['range', 'window', 'groupBy', 'where', 'since', 'wait'] as const;
/** The longest wait, ms: below what proxies cut by default after a minute of silence. */
export const MAX_WAIT = 60_000;

/** Reads the parameters of the series route; what the metric allows is checked where the view is opened. */
export function readSeriesQuery(
  metric: string,
  query: SeriesQuery,
): Result<Omit<PollRequest, 'caller' | 'owner'>> {
  const unknown = Object.keys(query).find((name) => !(PARAMETERS as readonly string[]).includes(name));
  if (unknown !== undefined) {
    return refuse(
      'invalid_parameter',
      `${shown(unknown)} is not a parameter; there are ${PARAMETERS.join(', ')}.`,
      unknown,
    );
  }
  const { groupBy, ...single } = query;
  for (const [name, value] of Object.entries(single)) {
    if (Array.isArray(value))
      return refuse('invalid_parameter', `${name} is given ${value.length} times.`, name);
  }
  const { range, window, where, since, wait } = single as Record<string, string | undefined>;
  for (const [name, value] of Object.entries({ range, window })) {
    const duration = value === undefined ? ok(0) : readDuration(value, name);
    if (!duration.ok) return duration;
  }
  const filter = where === undefined ? ok(undefined) : readWhere(where);
  if (!filter.ok) return filter;
  // Empty is what a loop in a shell begins with.
  const held = since === undefined || since === '' ? ok(null) : readToken(since);
  if (!held.ok) return held;
  const patience = wait === undefined ? ok(0) : readWait(wait);
  if (!patience.ok) return patience;
  const request: ViewRequest = {
    metric,
    ...(range === undefined ? {} : { range }),
    ...(window === undefined ? {} : { window }),
    ...(groupBy === undefined ? {} : { groupBy: readList(groupBy) }),
    ...(filter.value === undefined ? {} : { where: filter.value }),
  };
  return ok({ request, held: held.value, wait: patience.value });
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

/** Of a text that is no duration, the parameter is at fault, as with any other that cannot be read. */
function readDuration(text: string, name: string): Result<number> {
  const read = parseDuration(text, name);
  return read.ok ? read : refuse('invalid_parameter', read.fault.message, name);
}

function readWait(text: string): Result<number> {
  const wait = readDuration(text, 'wait');
  if (!wait.ok || wait.value <= MAX_WAIT) return wait;
  return refuse('out_of_range', `wait: at most ${MAX_WAIT / 1_000}s, got ${shown(text)}.`, 'wait');
}

function readWhere(text: string): Result<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Refused below, in the same words.
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const unfit = checkTexts({ where: value }, 'invalid_parameter', REQUEST_TEXTS);
    return unfit === null ? ok(value as Record<string, unknown>) : { ok: false, fault: unfit };
  }
  return refuse(
    'invalid_parameter',
    `where: expected a JSON object such as {"country":"DE"}, got ${shown(text)}.`,
    'where',
  );
}
