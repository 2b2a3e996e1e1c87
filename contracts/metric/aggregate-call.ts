import { found, ok, type Result, refuse, shown } from '../errors.ts';
import type { Filter } from '../filter/filter.ts';
import { formatText } from '../filter/text-print.ts';
import { formatDuration } from '../text/duration.ts';
import { cutArguments, endOfQuoted, type FormArguments, formOf, readForm } from './aggregate-forms.ts';
import { isPropertyPath, MAX_PATH } from './property-path.ts';

/** The compact aggregate form, read: `quantiles(latency_ms, 0.5, 0.99)` → { name, field, args }. */
export interface AggregateCall {
  name: string;
  /** Dotted property path; null for aggregates that read none. */
  field: string | null;
  args: number[];
  /** Durations, ms; absent where there are none. Which aggregates have them and conditions: `aggregate-forms.ts`. */
  spans?: readonly number[];
  /** Each a filter in normal form; absent where there are none. */
  conditions?: readonly Filter[];
}

export interface AggregateReading {
  /** The text was accepted before, maybe by an earlier version: names that need quotes by now are read as they were. */
  stored?: boolean;
}

const NAME = /^[a-z][a-z0-9_]*$/;
/** p0 to p99, p99_9, p99_99999, and p100; without the underscore only from 90 on, as p999 is usual and p100 is the whole. */
const PERCENTILE = /^p(?:(100)|(\d{1,2})(?:_(\d{1,5}))?|(9\d)(\d{1,5}))$/;

/**
 * Reads `count`, `sum(x)`, `sum("Price (EUR)")`, `quantiles(x, 0.5, 0.95)`; `p99(x)` is short for one quantile, and so is
 * `p99_9(x)`: the names that quantiles give to their outputs. A property's name is written as is or as a JSON string.
 * `share(plan = pro)`, `funnel(30m, page = /cart, page = /paid)`: durations and conditions, where the aggregate has such.
 * Checks only the form; the registry checks that the aggregate exists and accepts these arguments.
 */
export function parseAggregate(
  value: unknown,
  { stored = false }: AggregateReading = {},
): Result<AggregateCall> {
  const text = typeof value === 'string' ? value.trim() : '';
  const open = text.indexOf('(');
  const name = (open < 0 ? text : text.slice(0, open)).trimEnd();
  if (RANKING.test(name)) {
    const inner = open < 0 ? '' : text.slice(open + 1).replace(/\)$/, '');
    if (name !== 'topk' || COUNT_FIRST.test(inner)) return refuseRanking(name, inner);
  }
  if (!NAME.test(name) || (open >= 0 && !text.endsWith(')'))) {
    const forms = '"count", "sum(amount)" or "quantiles(latency_ms, 0.5, 0.99)"';
    return refused(`expected a form such as ${forms}, ${found(value)}.`);
  }
  const read = readArguments(name, open < 0 ? '' : text.slice(open + 1, -1).trim(), stored);
  if (!read.ok) return read;
  const { field, args } = read.value;
  const rank = args.length === 0 ? readPercentile(name) : null;
  if (rank === null) return ok({ name, ...read.value });
  if (field === null) return refused(`expected a property, such as "${name}(amount)", got ${shown(value)}.`);
  return ok({ name: 'quantiles', field, args: [rank] });
}

const refused = (message: string) => refuse('invalid_definition', `aggregate: ${message}`, 'aggregate');

/** `topk`, and what it is called in other systems, where the number may come first. */
const RANKING = /^(?:approx_?)?top_?(?:k|count|values)$/i;
const COUNT_FIRST = /^\s*\d+\s*,/;

function refuseRanking(name: string, inner: string) {
  const pieces = inner.length > 200 ? [] : cutArguments(inner);
  const path = pieces.find((piece) => Number.isNaN(readNumber(piece))) || 'page';
  const limit = pieces.map(Number).find((n) => Number.isInteger(n) && n > 0 && n <= 20) ?? 10;
  const call = formatAggregate({ name: 'topk', field: bare(path), args: [limit] });
  const what =
    name === 'topk' ? `the property comes first, got ${shown(inner)}` : `there is no ${shown(name)}`;
  return refuse(
    name === 'topk' ? 'invalid_definition' : 'unknown_aggregate',
    `aggregate: ${what}. The most frequent values of a property are ${shown(call)}.`,
    'aggregate',
  );
}

/** Reads the text between the parentheses. */
function readArguments(name: string, inner: string, stored: boolean): Result<Omit<AggregateCall, 'name'>> {
  const form = formOf(name);
  if (form?.hasField === false) return withField(null, readForm(name, form, cutArguments(inner)));
  if (inner === '') return ok({ field: null, args: [] });
  const isQuoted = inner.startsWith('"');
  const first = isQuoted ? readQuoted(inner) : readPlain(inner);
  const pieces = first === null || first.rest === '' ? [] : first.rest.slice(1).split(',');
  const args = form === null ? pieces.map(readNumber) : [];
  if (first === null || first.path === '' || args.some(Number.isNaN)) {
    return refused(`cannot read the arguments ${shown(inner)}. ${hint(name, inner)}`);
  }
  const { path } = first;
  const more =
    form === null
      ? ok({ args })
      : readForm(
          name,
          form,
          pieces.map((piece) => piece.trim()),
        );
  if (stored) return withField(path, more);
  if (!isPropertyPath(path))
    return refused(`a property has 1 to ${MAX_PATH} characters, got ${shown(path)}.`);
  if (isQuoted || !needsQuotes(path)) return withField(path, more);
  return refused(`expected one property, nothing is computed, got ${shown(path)}. ${hint(name, path)}`);
}

const withField = (field: string | null, more: Result<FormArguments>): Result<Omit<AggregateCall, 'name'>> =>
  more.ok ? ok({ field, ...more.value }) : more;

/** How the text would be written if it is one name; nothing where that would not fit into a message. */
function hint(name: string, inner: string): string {
  if (inner.length > 200) return 'A name of more than letters and digits is written as a JSON string.';
  return `If that is the name of one property, quote it: ${name}(${JSON.stringify(bare(inner))}).`;
}

/** Without quotes of another kind, or such that do not end. */
const bare = (text: string): string => text.replace(/^["'`]|["'`]$/g, '');

interface FirstArgument {
  path: string;
  /** What follows: nothing, or a comma and numbers. */
  rest: string;
}

function readPlain(inner: string): FirstArgument | null {
  if (inner.includes('(') || inner.includes(')')) return null;
  const comma = inner.indexOf(',');
  return comma < 0
    ? { path: inner, rest: '' }
    : { path: inner.slice(0, comma).trimEnd(), rest: inner.slice(comma) };
}

/** Null where the string is not closed, holds what JSON does not know, or something else than a comma follows. */
function readQuoted(inner: string): FirstArgument | null {
  const end = endOfQuoted(inner, 0);
  const rest = inner.slice(end + 1).trimStart();
  if (end >= inner.length || (rest !== '' && !rest.startsWith(','))) return null;
  try {
    return { path: JSON.parse(inner.slice(0, end + 1)) as string, rest };
  } catch {
    // An escape or a control character that JSON does not have.
    return null;
  }
}

/** NaN where it is no finite number. */
function readNumber(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : Number.NaN;
}

/** An operator with space around it, `*` at all, or `+` and `/` beside a number. */
const COMPUTED = /\s[-+*/%]\s|[^\s*]\s?\*\s?[^\s*]|[+/]\s?\d+(?:\.\d+)?$|^\d+(?:\.\d+)?\s?[+/]/;

/** Names that only a JSON string can express: those that read as other syntax, and those that trimming would change. */
const needsQuotes = (path: string): boolean =>
  /[(),"]|^['`]|[\p{Cc}\p{Zl}\p{Zp}]/u.test(path) || path !== path.trim() || COMPUTED.test(path);

/** p99_9 → 0.999; null for another name. Read as decimals, so that the rank is the double nearest to what is written. */
function readPercentile(name: string): number | null {
  const [, whole, two, after, nines, rest] = PERCENTILE.exec(name) ?? [];
  if (whole !== undefined) return 1;
  const digits = two ?? nines;
  return digits === undefined ? null : Number(`0.${digits.padStart(2, '0')}${after ?? rest ?? ''}`);
}

/** The canonical text: equal calls give equal text, and `parseAggregate` reads it back. */
export function formatAggregate({ name, field, args, spans = [], conditions = [] }: AggregateCall): string {
  const path = field === null ? [] : [needsQuotes(field) ? JSON.stringify(field) : field];
  const tests = conditions.map((condition) => formatText([condition]));
  const inner = [...path, ...spans.map(formatDuration), ...args.map(String), ...tests].join(', ');
  return inner === '' ? name : `${name}(${inner})`;
}
