import { ok, type Result, refuse, shown } from '../errors.ts';
import { excessOf, type Filter, MAX_FILTER_TEXT, single } from '../filter/filter.ts';
import { formatText } from '../filter/text-print.ts';
import { parseWhere } from '../filter/where.ts';
import { durationOf, parseDuration } from '../text/duration.ts';

/** How many of a kind, at least and at most. */
type Count = readonly [least: number, most: number];

const NONE: Count = [0, 0];
const ONE: Count = [1, 1];

/** What the arguments of an aggregate are, in this order: a property, durations, numbers, conditions. */
interface ArgumentForm {
  hasField: boolean;
  spans: Count;
  numbers: Count;
  conditions: Count;
  /** Only events for which one of its conditions holds count. */
  isSelective?: true;
  /** The arguments in words and as an example, for refusals. */
  expected: string;
  example: string;
}

const NOTHING = { hasField: false, spans: NONE, numbers: NONE, conditions: NONE };
const OF_A_COUNTER = {
  ...NOTHING,
  hasField: true,
  spans: [0, 1],
  expected: 'a property, then at most one duration',
  example: 'requests_total, 1h',
} as const;

/** Every aggregate whose arguments are more than a property and numbers. */
const FORMS: ReadonlyMap<string, ArgumentForm> = new Map<string, ArgumentForm>([
  ['share', { ...NOTHING, conditions: ONE, expected: 'one condition', example: 'plan = pro' }],
  [
    'ratio',
    {
      ...NOTHING,
      conditions: [2, 2],
      expected: 'two conditions',
      example: 'status = failed, status = ok',
    },
  ],
  [
    'funnel',
    {
      ...NOTHING,
      spans: ONE,
      conditions: [2, 10],
      isSelective: true,
      expected: 'a duration, then 2 to 10 conditions',
      example: '30m, page = /cart, page = /paid',
    },
  ],
  ['sessions', { ...NOTHING, spans: [1, 2], expected: 'one or two durations', example: '30m' }],
  [
    'retention',
    {
      ...NOTHING,
      spans: ONE,
      numbers: ONE,
      expected: 'a duration, then a number of periods',
      example: '1d, 7',
    },
  ],
  ['increase', OF_A_COUNTER],
  ['counter_rate', OF_A_COUNTER],
  ['time_weighted', { ...OF_A_COUNTER, example: 'temperature, 10m' }],
]);

/** Returns the form of an aggregate's arguments; null where they are a property and numbers, as most are. */
export const formOf = (name: string): ArgumentForm | null => FORMS.get(name) ?? null;

/** What follows the property. */
export interface FormArguments {
  args: number[];
  /** Milliseconds. Absent where there are none. */
  spans?: number[];
  /** Absent where there are none. */
  conditions?: Filter[];
}

/** Cuts arguments at the commas that are neither in parentheses nor in a JSON string; what is not closed goes to the end. */
export function cutArguments(inner: string): string[] {
  if (inner.trim() === '') return [];
  const pieces: string[] = [];
  let [begin, depth] = [0, 0];
  for (let i = 0; i < inner.length; i++) {
    const sign = inner[i];
    if (sign === '"') i = endOfQuoted(inner, i);
    else if (sign === '(') depth += 1;
    else if (sign === ')') depth -= 1;
    else if (sign === ',' && depth <= 0) {
      pieces.push(inner.slice(begin, i).trim());
      begin = i + 1;
    }
  }
  return [...pieces, inner.slice(begin).trim()];
}

/** The place of the quote that ends the JSON string which begins at a place, or the end of the text. */
export function endOfQuoted(text: string, begin: number): number {
  let end = begin + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return end;
}

/** Reads what follows the property, as the form says. */
export function readForm(name: string, form: ArgumentForm, pieces: readonly string[]): Result<FormArguments> {
  const spans = countWhile(pieces, form.spans, isDuration);
  const numbers = countWhile(pieces.slice(spans), form.numbers, isNumber);
  const rest = pieces.slice(spans + numbers);
  if (spans < form.spans[0]) return refuseForm(name, form, pieces.slice(spans));
  const isCounted = rest.length >= form.conditions[0] && rest.length <= form.conditions[1];
  if (numbers < form.numbers[0] || !isCounted) return refuseForm(name, form, rest);
  const conditions = readConditions(name, rest);
  if (!conditions.ok) return conditions;
  return ok({
    args: pieces.slice(spans, spans + numbers).map((text) => Number(text) + 0),
    ...(spans === 0 ? {} : { spans: pieces.slice(0, spans).map(durationOf) }),
    ...(rest.length === 0 ? {} : { conditions: conditions.value }),
  });
}

function countWhile(pieces: readonly string[], [, most]: Count, fits: (piece: string) => boolean): number {
  const end = pieces.slice(0, most).findIndex((piece) => !fits(piece));
  return end < 0 ? Math.min(pieces.length, most) : end;
}

const isDuration = (text: string): boolean => parseDuration(text, 'aggregate').ok;
const isNumber = (text: string): boolean => text !== '' && Number.isFinite(Number(text));

const refused = (message: string) => refuse('invalid_definition', `aggregate: ${message}`, 'aggregate');

/** `rest`: from the first argument on that is not what its place asks for. */
function refuseForm(name: string, form: ArgumentForm, rest: readonly string[]) {
  const [odd] = rest;
  const what = odd === undefined ? 'nothing there' : shown(odd);
  const count = rest.length > 1 ? `${what} and ${rest.length - 1} more` : what;
  return refused(
    `${name} expects ${form.expected}, such as "${name}(${form.example})", got ${count}.${guess(form, odd)}`,
  );
}

const guess = ({ spans }: ArgumentForm, odd = ''): string =>
  spans[1] > 0 && /^[0-9.]+\s*[a-z]*$/i.test(odd)
    ? ' A duration is a whole number above 0 and one of ms, s, m, h, d, w, y, without space.'
    : '';

const refuseLength = (name: string, which: string) =>
  refused(`${which} of ${name} has more than ${MAX_FILTER_TEXT} characters.`);

function readConditions(name: string, texts: readonly string[]): Result<Filter[]> {
  const conditions: Filter[] = [];
  for (const [i, text] of texts.entries()) {
    const which = texts.length === 1 ? 'the condition' : `condition ${i + 1}`;
    if (text.length > MAX_FILTER_TEXT) return refuseLength(name, which);
    const read = parseWhere(text, '');
    if (!read.ok)
      return refuse('invalid_filter', `aggregate: ${which} of ${name}: ${read.fault.message}`, 'aggregate');
    if (read.value.length === 0)
      return refused(`${which} of ${name} is empty: name a test, such as plan = pro.`);
    const condition = single(read.value);
    // What is stored is the canonical text, which has to be readable as well.
    if (formatText([condition]).length > MAX_FILTER_TEXT) return refuseLength(name, which);
    conditions.push(condition);
  }
  const excess = excessOf(conditions);
  return excess === null ? ok(conditions) : refused(`${name}: ${excess}`);
}
