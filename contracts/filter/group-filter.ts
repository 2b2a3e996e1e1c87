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
  allOf(filters.map((filter) => guarded(filter, false)));

/** `not` is moved inwards to the conditions, where it leaves `__other__` out like any other test. */
function guarded(filter: Filter, isNegated: boolean): Filter {
  if (isCondition(filter)) return guardedCondition(filter, isNegated);
  if (filter.op === 'not') return guarded(filter.of, !isNegated);
  const parts = filter.of.map((one) => guarded(one, isNegated));
  return (filter.op === 'and') === isNegated ? anyOf(parts) : single(parts);
}

function guardedCondition(condition: Condition, isNegated: boolean): Filter {
  const wanted = isNegated ? negated(condition) : condition;
  if (wanted.op === 'in') return wanted;
  const { path } = condition;
  if (wanted.op === 'notIn') return { ...wanted, values: [...new Set([...wanted.values, OTHER])].sort() };
  return single([{ path, op: 'notIn', values: [OTHER] }, wanted]);
}

/** Returns whether a group fits a view's filter; `placeOf` a dimension says where its text lies. */
export const compileGroupFilter = (
  filters: readonly Filter[],
  placeOf: (dimension: string) => number,
  compilePattern: CompilePattern,
): Test<readonly string[]> =>
  combine(groupFilter(filters), (condition) => {
    const place = placeOf(condition.path);
    const test = compileCondition(condition, compilePattern);
    const isNumeric = 'value' in condition || 'from' in condition;
    return (group) => test(isNumeric ? numberOf(group[place]!) : presentText(group[place]!));
  });

const presentText = (text: string): string | null => (text === MISSING ? null : text);
