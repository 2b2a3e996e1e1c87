/** A test of one property. Lists compare canonical dimension text; bounds compare numbers and never match anything else. */
export type Condition =
  | { path: string; op: 'in' | 'notIn'; values: string[] }
  | { path: string; op: Comparison; value: number }
  /** Both ends are included. */
  | { path: string; op: 'between'; from: number; to: number }
  /** There, and not null; an object or a list is there. */
  | { path: string; op: 'exists' }
  /** About canonical dimension text; what is absent, an object or a list has none. */
  | { path: string; op: TextOperator; text: string };

/**
 * One node of a filter. A whole filter is a list of them that must all hold; none of them: everything. In normal form (`allOf`,
 * `anyOf`, `negated`) filters that differ only in order, repeats and nesting are the same value, and have the same JSON.
 */
export type Filter = Condition | { op: 'and' | 'or'; of: Filter[] } | { op: 'not'; of: Filter };

export const COMPARISONS = ['gt', 'gte', 'lt', 'lte'] as const;
export type Comparison = (typeof COMPARISONS)[number];
export const TEXT_OPERATORS = ['contains', 'startsWith', 'endsWith', 'matches'] as const;
export type TextOperator = (typeof TEXT_OPERATORS)[number];

export const MAX_CONDITIONS = 32;
export const MAX_VALUES = 256;
/** Levels of `and`, `or` and `not` inside each other. */
export const MAX_DEPTH = 8;
/** UTF-16 units of a filter as text. */
export const MAX_FILTER_TEXT = 4_096;
/** UTF-16 units of what a text operator looks for. */
export const MAX_OPERAND = 1_000;

export const isCondition = (filter: Filter): filter is Condition => 'path' in filter;

/** Returns a list that holds where all of these hold, in normal form. */
export const allOf = (filters: readonly Filter[]): Filter[] => flat('and', filters);

/** Returns one filter for a list of which all must hold. Throws for an empty list, which no single filter says. */
export const single = (filters: readonly Filter[]): Filter => join('and', allOf(filters));

/** Returns a filter that holds where one of these does. Throws for none, which would never hold. */
export const anyOf = (filters: readonly Filter[]): Filter => join('or', flat('or', filters));

/** Returns a filter that holds where this one does not. */
export function negated(filter: Filter): Filter {
  if (filter.op === 'not') return filter.of;
  if (filter.op === 'in' || filter.op === 'notIn')
    return { ...filter, op: filter.op === 'in' ? 'notIn' : 'in' };
  return { op: 'not', of: filter };
}

function join(op: 'and' | 'or', of: Filter[]): Filter {
  const [first, ...more] = of;
  if (first === undefined) throw new TypeError(`There is no filter for an empty ${op}.`);
  return more.length === 0 ? first : { op, of };
}

/** Sorted, without repeats, and without the same operator directly inside. */
function flat(op: 'and' | 'or', filters: readonly Filter[]): Filter[] {
  const parts = filters.flatMap((one) => (one.op === op ? one.of : [one]));
  const sorted = parts.map((one) => ({ one, text: JSON.stringify(one) })).sort(compareParts);
  return sorted.filter(({ text }, i) => text !== sorted[i - 1]?.text).map(({ one }) => one);
}

interface Part {
  one: Filter;
  text: string;
}

/** Conditions first, by path and operator. */
function compareParts(a: Part, b: Part): number {
  const [first, second] = [placeOf(a.one), placeOf(b.one)];
  return order(first.path, second.path) || order(first.op, second.op) || order(a.text, b.text);
}

/** No path is empty, and none has more than its 1,000 characters. */
const LAST = '\u{10ffff}'.repeat(1_001);
const placeOf = (filter: Filter) => (isCondition(filter) ? filter : { path: LAST, op: filter.op });
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Returns each condition of a filter, in its order. */
export function* conditionsIn(filters: readonly Filter[]): Generator<Condition> {
  for (const filter of filters) {
    if (isCondition(filter)) yield filter;
    else yield* conditionsIn(filter.op === 'not' ? [filter.of] : filter.of);
  }
}

/** Returns each property that a filter reads, once. */
export const pathsIn = (filters: readonly Filter[]): string[] => [
  ...new Set([...conditionsIn(filters)].map(({ path }) => path)),
];

/** Returns what is too much about a filter, as the end of a message; null where it is within bounds. */
export function excessOf(filters: readonly Filter[]): string | null {
  const count = [...conditionsIn(filters)].length;
  if (count > MAX_CONDITIONS) return `${count} conditions; ${MAX_CONDITIONS} are allowed.`;
  const depth = Math.max(0, ...filters.map(depthOf));
  return depth > MAX_DEPTH ? TOO_DEEP : null;
}

export const TOO_DEEP = `and, or and not are nested more than ${MAX_DEPTH} levels deep.`;

function depthOf(filter: Filter): number {
  if (isCondition(filter)) return 0;
  return 1 + Math.max(...(filter.op === 'not' ? [filter.of] : filter.of).map(depthOf));
}
