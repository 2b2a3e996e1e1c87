import { compileCondition } from '#contracts/filter/compile-filter.ts';
import type { Filter } from '#contracts/filter/filter.ts';
import { parseWhere, type Where } from '#contracts/filter/where.ts';
import { MISSING } from '#contracts/metric/dimension.ts';
import { envelopeFieldOf, propertyPath } from '#contracts/metric/envelope.ts';
import { countedWhere, type Metric } from '#contracts/metric/metric.ts';
import { type Wish, waysOf } from './filter-ways.ts';

/** What of a metric decides whether it counts an event. */
export type Counted = Pick<Metric, 'events' | 'where' | 'aggregate' | 'groupBy' | 'lateness'>;

type Value = string | number | boolean | undefined;

export interface ExampleEvent {
  event: string;
  key?: string;
  id?: string;
  properties?: Record<string, Value>;
}

/** Aggregates that read texts as well as numbers. */
const READS_TEXT = new Set(['distinct']);
/** Aggregates that count no event without a key. */
const NEEDS_KEY = new Set(['retention', 'increase', 'counter_rate', 'sessions', 'time_weighted', 'funnel']);
const NAME = 'checkout';

/** Whether the aggregate takes no other than a number. */
export const needsNumber = ({ field, name }: Metric['aggregate']): boolean =>
  field !== null && !READS_TEXT.has(name);

/** Returns all that an event must fulfil: what the metric asks for, and the filter of the view over its dimensions. */
export const conditionsOf = (metric: Counted, filter: Where): Filter[] => [
  ...countedWhere(metric),
  ...filtersIn(filter),
];

function filtersIn(filter: Where): Filter[] {
  const read = parseWhere(filter);
  return read.ok ? read.value : [];
}

/** The first step of a funnel: no other event gives it a value. */
const entryOf = ({ name, conditions = [] }: Metric['aggregate']): Filter[] =>
  name === 'funnel' ? conditions.slice(0, 1) : [];

/**
 * An event that the metric counts and the view shows: with every property that is needed, and a group of its own name. Null
 * where no value fulfils all conditions on one property.
 */
export function exampleEvent(metric: Counted, filter: Where): ExampleEvent | null {
  const { where, aggregate } = metric;
  for (const way of waysOf([...where, ...entryOf(aggregate), ...filtersIn(filter)])) {
    const found = eventOf(metric, way);
    if (found !== null) return found;
  }
  return null;
}

/** The page has no engine for patterns: a value that fits one is not known, nor one that does not. */
const UNKNOWN = () => () => false;

function testOf({ condition, isNegated }: Wish): (value: Value) => boolean {
  const test = compileCondition(condition, UNKNOWN);
  return condition.op === 'matches' ? () => false : (value) => test(value) !== isNegated;
}

function eventOf(metric: Counted, wishes: readonly Wish[]): ExampleEvent | null {
  const ofName = wishes.filter(({ condition }) => condition.path === '$event').map(testOf);
  const named = metric.events?.find((name) => ofName.every((test) => test(name)));
  const event = named ?? metric.events?.[0] ?? NAME;
  const { field, name } = metric.aggregate;
  const paths = new Set([
    ...wishes.map(({ condition }) => condition.path),
    ...metric.groupBy,
    ...(field === null ? [] : [field]),
    ...(NEEDS_KEY.has(name) ? ['$key'] : []),
  ]);
  const values = new Map<string, Value>();
  // An event of now has the time of now, and its name is known.
  for (const path of paths) {
    if (path === '$timestamp' || (path === '$event' && metric.events !== null)) continue;
    const own = wishes.filter(({ condition }) => condition.path === path);
    const tests = own.map(testOf);
    const isNumber = path === field && needsNumber(metric.aggregate);
    const isThere = path === field || (path === '$key' && NEEDS_KEY.has(name));
    const fits = (value: Value): boolean =>
      tests.every((test) => test(value)) &&
      (!isNumber || typeof value === 'number') &&
      (!isThere || value !== undefined);
    const all = candidates(own, isNumber);
    const found = all.findIndex(fits);
    if (found < 0) return null;
    const value = all[found];
    if (value !== undefined) values.set(path, value);
  }
  return withValues(event, values);
}

/** Puts values where an event has them: its key and id beside its properties. */
function withValues(name: string, values: ReadonlyMap<string, Value>): ExampleEvent {
  const [event = name, key, id] = ['$event', '$key', '$id'].map((field) => values.get(field)?.toString());
  const properties = [...values].filter(([path]) => envelopeFieldOf(path) === null);
  return {
    event,
    ...(key === undefined ? {} : { key }),
    ...(id === undefined ? {} : { id }),
    ...(properties.length === 0
      ? {}
      : { properties: Object.fromEntries(properties.map(([path, value]) => [propertyPath(path), value])) }),
  };
}

const EXAMPLES = { number: 42.5, text: 'example' };

/** Values to try, those that look like what is meant first; undefined is a property that is not there. */
function candidates(wishes: readonly Wish[], number: boolean): Value[] {
  const conditions = wishes.map(({ condition }) => condition);
  const wanted = wishes.flatMap(({ condition, isNegated }) =>
    condition.op === (isNegated ? 'notIn' : 'in') ? condition.values : [],
  );
  const listed = wanted.filter((value) => value !== MISSING);
  const absent = wanted.length > listed.length ? [undefined] : [];
  const bounds = conditions.flatMap((one) =>
    'value' in one ? [one.value] : 'from' in one ? [one.from, one.to] : [],
  );
  const sorted = [...bounds].sort((a, b) => a - b);
  const between = sorted.slice(1).map((bound, i) => sorted[i]! + (bound - sorted[i]!) / 2);
  const around = bounds.flatMap((bound) => [Math.ceil(bound) + 1, Math.floor(bound) - 1, bound]);
  const near = bounds.flatMap((bound) => [bound * 2, bound / 2, -bound]);
  const numbers = [
    ...listed.map(Number).filter((n, i) => String(n) === listed[i]),
    EXAMPLES.number,
    1,
    0,
    -1,
  ];
  const asNumbers = [...numbers, ...around, ...between, ...near];
  const others = wishes.flatMap(({ condition, isNegated }) =>
    condition.op === (isNegated ? 'in' : 'notIn') ? condition.values : [],
  );
  const texts = [...listed, textWith(wishes), EXAMPLES.text, `not-${others.join('-')}`];
  const flags = [true, false].filter((flag) => listed.includes(String(flag)));
  if (number || bounds.length > 0) return [...asNumbers, ...texts, undefined];
  return [...absent, ...flags, ...numbers.slice(0, -4), ...texts, undefined];
}

/** A text with the beginning, parts and end that are wanted. */
function textWith(wishes: readonly Wish[]): string {
  const wanted = (op: string): string[] =>
    wishes.flatMap(({ condition, isNegated }) =>
      condition.op === op && 'text' in condition && !isNegated ? [condition.text] : [],
    );
  const all = [wanted('startsWith'), wanted('contains'), wanted('endsWith')];
  return all.flat().length === 0 ? EXAMPLES.text : all.map((some) => some.join('')).join('');
}

/** Quotes a text as one word of a shell command, whatever is in it, so that a copied command runs nothing else. */
export const quoteForShell = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
