import { MISSING, OTHER } from '../metric/dimension.ts';
import { type CompilePattern, combine, compileCondition, type Test } from './compile-filter.ts';
import { allOf, anyOf, type Condition, type Filter, isCondition, negated, single } from './filter.ts';
import { numberOf } from './filter-words.ts';

/**
 * A view's filter over groups, as a filter over the texts of their dimensions. A group's text does not say what it was:
 * `__missing__` is absent, and what JSON would read as a number compares as one. `__other__` holds events of any values: only a
 * list that names it admits it, and what is not known of it does not become true by `not`.
 */
export const groupFilter = (filters: readonly Filter[]): Filter[] =>
  allOf(filters.map((filter) => guarded(filter, { isNegated: false, namesOther: true })));

/** Filters that say of a group what holds for each event that it may stand for: all are in a view, or none is; null where none could be. */
export interface CertainGroups {
  inside: Filter[];
  outside: Filter | null;
}

export const certainGroups = (filters: readonly Filter[]): CertainGroups => ({
  inside: allOf(filters.map((filter) => guarded(filter, { isNegated: false, namesOther: false }))),
  outside: filters.length === 0 ? null : guarded(single(filters), { isNegated: true, namesOther: false }),
});

/** `namesOther`: a list may name `__other__` as a group of its own. */
interface Guard {
  isNegated: boolean;
  namesOther: boolean;
}

/** `not` is moved inwards to the conditions, where it leaves `__other__` out like any other test. */
function guarded(filter: Filter, guard: Guard): Filter {
  const { isNegated } = guard;
  if (isCondition(filter)) return guardedCondition(filter, guard);
  if (filter.op === 'not') return guarded(filter.of, { ...guard, isNegated: !isNegated });
  const parts = filter.of.map((one) => guarded(one, guard));
  return (filter.op === 'and') === isNegated ? anyOf(parts) : single(parts);
}

function guardedCondition(condition: Condition, { isNegated, namesOther }: Guard): Filter {
  const wanted = isNegated ? negated(condition) : condition;
  if (wanted.op === 'in')
    return namesOther ? wanted : { ...wanted, values: wanted.values.filter((text) => text !== OTHER) };
  const { path } = condition;
  if (wanted.op === 'notIn') return { ...wanted, values: [...new Set([...wanted.values, OTHER])].sort() };
  return single([{ path, op: 'notIn', values: [OTHER] }, wanted]);
}

/** Where the text of a dimension lies in a group. */
type PlaceOf = (dimension: string) => number;

/** Returns whether a group fits a view's filter; `placeOf` a dimension says where its text lies. */
export const compileGroupFilter = (
  filters: readonly Filter[],
  placeOf: PlaceOf,
  compilePattern: CompilePattern,
): Test<readonly string[]> => compileGuarded(groupFilter(filters), placeOf, compilePattern);

/**
 * Returns whether a group hides events from a view: it is `__other__` in a dimension that the view tells apart by name, or its filter
 * decides by, and may hold events that the view would show under a name. What the view shows by name is a lower bound then.
 */
export function compileHiding(
  { where, groupBy }: { where: readonly Filter[]; groupBy: readonly string[] },
  placeOf: PlaceOf,
  compilePattern: CompilePattern,
): Test<readonly string[]> {
  const places = groupBy.map(placeOf);
  const isNameless: Test<readonly string[]> = (group) => places.some((at) => group[at] === OTHER);
  const { inside, outside } = certainGroups(where);
  if (outside === null) return isNameless;
  const isInside = compileGuarded(inside, placeOf, compilePattern);
  const isOutside = compileGuarded([outside], placeOf, compilePattern);
  return (group) => group.includes(OTHER) && !isOutside(group) && (isNameless(group) || !isInside(group));
}

const compileGuarded = (
  filters: readonly Filter[],
  placeOf: PlaceOf,
  compilePattern: CompilePattern,
): Test<readonly string[]> =>
  combine(filters, (condition) => {
    const place = placeOf(condition.path);
    const test = compileCondition(condition, compilePattern);
    const isNumeric = 'value' in condition || 'from' in condition;
    return (group) => test(isNumeric ? numberOf(group[place]!) : presentText(group[place]!));
  });

const presentText = (text: string): string | null => (text === MISSING ? null : text);
