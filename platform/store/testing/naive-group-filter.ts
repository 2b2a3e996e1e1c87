import { type Condition, type Filter, isCondition } from '#contracts/filter/filter.ts';

/**
 * Whether a group is in a filtered view, said in another way than the product does: true, false, or null where it is not known,
 * since `__other__` may be anything. What is not known is not shown.
 */
export function judgeGroup(filters: readonly Filter[], textOf: TextOf): boolean | null {
  return all(filters.map((filter) => judgeFilter(filter, textOf)));
}

/** The text of a dimension; null for one that may be anything, even where a list names `__other__`. */
type TextOf = (dimension: string) => string | null;

/** Whether the view's names are lower bounds because of a group: some of its events may belong to another name, or to the filter. */
export function judgeHiding(
  { where, groupBy }: { where: readonly Filter[]; groupBy: readonly string[] },
  textOf: (dimension: string) => string,
): boolean {
  const known: TextOf = (dimension) => (textOf(dimension) === '__other__' ? null : textOf(dimension));
  const isIn = judgeGroup(where, known);
  return isIn !== false && (isIn === null || groupBy.some((dimension) => known(dimension) === null));
}

function judgeFilter(filter: Filter, textOf: TextOf): boolean | null {
  if (isCondition(filter)) return judgeText(filter, textOf(filter.path));
  if (filter.op === 'not') return opposite(judgeFilter(filter.of, textOf));
  if (filter.op === 'and') return judgeGroup(filter.of, textOf);
  return opposite(all(filter.of.map((one) => opposite(judgeFilter(one, textOf)))));
}

const opposite = (known: boolean | null): boolean | null => (known === null ? null : !known);
const all = (known: readonly (boolean | null)[]): boolean | null =>
  known.includes(false) ? false : known.includes(null) ? null : true;

function judgeText(condition: Condition, text: string | null): boolean | null {
  if (text === null) return null;
  if ('values' in condition && condition.values.includes(text)) return condition.op === 'in';
  if (text === '__other__') return null;
  if ('values' in condition) return condition.op === 'notIn';
  if (condition.op === 'exists') return text !== '__missing__';
  if ('text' in condition) return text !== '__missing__' && hasText(condition.op, text, condition.text);
  const value = readNumber(text);
  if (value === null) return false;
  if (condition.op === 'between') return condition.from <= value && value <= condition.to;
  const side = Math.sign(value - condition.value);
  return { gt: side > 0, gte: side >= 0, lt: side < 0, lte: side <= 0 }[condition.op];
}

function hasText(op: string, text: string, wanted: string): boolean {
  if (op === 'contains') return text.split(wanted).length > 1;
  if (op === 'startsWith') return text.slice(0, wanted.length) === wanted;
  return op === 'endsWith' ? text.slice(-wanted.length) === wanted : new RegExp(wanted, 'su').test(text);
}

function readNumber(text: string): number | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'number' && text.trim() === text ? value : null;
  } catch {
    return null;
  }
}
