import { type ErrorCode, type Fault, ok, type Result, refuse } from '../errors.ts';
import { parseTimestamp } from '../event/timestamp.ts';
import { WHERE } from '../filter/where.ts';
import { isRecord } from '../is-record.ts';
import { readAs } from '../schema/read-as.ts';
import { nullable, type Schema, type Static } from '../schema/schema.ts';
import { DURATION } from '../text/duration.ts';
import { CALENDAR_UNITS } from '../time/calendar.ts';
import { metricOf } from './asked-metric.ts';

const UNIT = { type: 'string', enum: CALENDAR_UNITS } as const satisfies Schema;
const TIMEZONE = {
  type: 'string',
  maxLength: 60,
  expected: 'the name of a time zone such as "Europe/Berlin"',
  description: 'A time zone of the IANA database; default: UTC',
  examples: ['UTC', 'Europe/Berlin'],
} as const satisfies Schema;
const TIME = {
  type: ['string', 'number'],
  expected: 'a time such as "2026-11-29T14:00:00Z"',
  test: (time: unknown) => parseTimestamp(time) !== null,
  description: 'ISO 8601 with a zone, or epoch s or ms',
  examples: ['2026-11-29T14:00:00Z', 1_700_000_000_000],
} as const satisfies Schema;

/** The schema of one of the words, or a duration. */
export const wordOr = <const Word extends string>(...words: Word[]) =>
  ({
    ...DURATION,
    pattern: `^(?:${words.join('|')}|${DURATION.pattern.slice(1, -1)})$`,
    test: (text: unknown) => words.some((word) => word === text) || DURATION.test(text),
    examples: [...words, ...DURATION.examples],
  }) as const;

const WINDOW = {
  code: 'out_of_range',
  expected:
    'a duration such as "10s", "auto", "whole", { size, every } or { calendar: "day", timezone: "Europe/Berlin" }',
  description:
    "Duration text, a multiple of the pane; `auto`: round, and at most `points` windows; `whole`: one value over the range; overlapping windows, or periods of a calendar. Default: the metric's window",
  anyOf: [
    wordOr('auto', 'whole'),
    {
      type: 'object',
      required: ['size', 'every'],
      additionalProperties: false,
      properties: { size: DURATION, every: DURATION },
    },
    {
      type: 'object',
      required: ['calendar'],
      additionalProperties: false,
      properties: { calendar: UNIT, timezone: TIMEZONE },
    },
  ],
} as const satisfies Schema;

const RANGE = {
  code: 'out_of_range',
  expected: 'a duration such as "15m", { from, to } or { this: "day", timezone: "Europe/Berlin" }',
  default: '15m',
  description:
    'Duration text: the newest windows, rounded up to whole ones; { from, to }: between two times; { this: day, timezone }: the period of the calendar so far. Default 15m',
  anyOf: [
    DURATION,
    {
      type: 'object',
      required: ['from', 'to'],
      additionalProperties: false,
      properties: { from: TIME, to: TIME },
    },
    {
      type: 'object',
      required: ['this'],
      additionalProperties: false,
      properties: { this: UNIT, timezone: TIMEZONE },
    },
  ],
} as const satisfies Schema;

const COMPARE = {
  code: 'out_of_range',
  expected: '"previous", a duration such as "7d", or { calendar: "month" }',
  description:
    'Values of an earlier range of the same length beside those of the range: the one before, or as much earlier as said',
  anyOf: [
    wordOr('previous'),
    { type: 'object', required: ['calendar'], additionalProperties: false, properties: { calendar: UNIT } },
  ],
} as const satisfies Schema;

/** The most groups that a view may rank. */
export const MAX_TOP = 1_000;

const TOP = {
  type: 'object',
  required: ['limit'],
  additionalProperties: false,
  description:
    'Only the groups with the highest values over the range; the rest is one group `__others__` where values add, else counted',
  properties: {
    by: { type: 'string', description: "Name of the output to rank by; default: the metric's first" },
    limit: { type: 'integer', minimum: 1, maximum: MAX_TOP },
  },
} as const satisfies Schema;

/** The most windows that a view may have: a month by the minute, five years by the hour. */
export const MAX_WINDOWS = 50_000;
/** The most windows that `auto` gives: beyond that no screen shows them. */
export const MAX_POINTS = 2_000;
export const DEFAULT_POINTS = 600;

/** Refuses what names neither a metric nor an expression, and what names both. */
export const checkNamed =
  (code: ErrorCode) =>
  (request: unknown, field: string): Fault | null => {
    if (!isRecord(request)) return null;
    const [isOfMetric, isOfExpression] = [
      Object.hasOwn(request, 'metric'),
      Object.hasOwn(request, 'expression'),
    ];
    if (isOfMetric !== isOfExpression) return null;
    const at = (name: string) => (field === '' ? name : `${field}.${name}`);
    const message = isOfMetric
      ? `${at('expression')}: a view is of a metric or of an expression, not of both; leave one out.`
      : `${at('metric')}: expected the id of a metric, or expression in its place, but it is missing.`;
    return refuse(code, message, at(isOfMetric ? 'expression' : 'metric')).fault;
  };

/** What a subscriber asks for, and what a panel shows. */
export const VIEW_REQUEST = {
  type: 'object',
  additionalProperties: false,
  subject: 'A view request is an object with at least metric, or expression in its place',
  member: 'a field of a view; allowed are',
  unknownAtObject: true,
  check: checkNamed('invalid_view'),
  examples: [{ metric: 'orders' }, { expression: 'errors / requests' }],
  properties: {
    metric: {
      type: 'string',
      expected: 'the id of a metric',
      description: 'The id of a metric, or "=" and an expression such as "= errors / requests"',
    },
    expression: {
      type: 'string',
      expected: 'an expression such as "errors / requests"',
      description:
        'In place of `metric`: computed from metrics as a derived metric is, without one that is saved. Given back as `metric: "= …"`',
    },
    where: nullable({
      ...WHERE,
      description:
        'Filter on dimensions of the metric: { country: "DE" }, { country: ["DE", "FR"] }, or as text: country in (DE, FR)',
    }),
    groupBy: {
      type: 'array',
      items: { type: 'string' },
      expected: 'a list of dimensions',
      whole: true,
      description: "Dimensions to keep, a subset of the metric's; default: all. The others are merged",
    },
    window: WINDOW,
    range: nullable(RANGE),
    compare: nullable(COMPARE),
    top: nullable(TOP),
    points: {
      type: 'integer',
      minimum: 1,
      maximum: MAX_POINTS,
      default: DEFAULT_POINTS,
      description: `With \`window: auto\`: how many windows at most; default ${DEFAULT_POINTS}`,
    },
  },
} as const satisfies Schema;

type Sent = Static<typeof VIEW_REQUEST>;

/** What a subscriber asks for. Only `metric` is required: an id, or an expression behind "=". */
export interface ViewRequest extends Omit<Sent, 'metric' | 'expression'> {
  metric: string;
}

/** Returns the request with an expression as its metric, where it has one. */
export function withMetric(sent: Sent): ViewRequest {
  const { metric: _, expression: __, ...rest } = sent;
  return { metric: String(metricOf(sent)), ...rest };
}

/** Reads the shape of a request; what the metric allows, `resolveView` checks. */
export function parseViewRequest(raw: unknown): Result<ViewRequest> {
  const read = readAs(VIEW_REQUEST, raw, { code: 'invalid_view' });
  return read.ok ? ok(withMetric(read.value)) : read;
}
