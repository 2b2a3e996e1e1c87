import { type Condition, type Filter, isCondition } from '#contracts/filter/filter.ts';

/** A condition, and whether it must not hold. */
export interface Wish {
  condition: Condition;
  isNegated: boolean;
}

/** Ways that are tried: a filter of many alternatives has more than anybody looks for. */
const MOST = 64;

/** The ways in which a filter can hold, some of them where there are many: of each all wishes must be fulfilled. */
export const waysOf = (filters: readonly Filter[]): Wish[][] =>
  together(filters.map((one) => waysOfOne(one, false)));

function waysOfOne(filter: Filter, isNegated: boolean): Wish[][] {
  if (isCondition(filter)) return [[{ condition: filter, isNegated }]];
  if (filter.op === 'not') return waysOfOne(filter.of, !isNegated);
  const parts = filter.of.map((one) => waysOfOne(one, isNegated));
  return (filter.op === 'and') === isNegated ? parts.flat().slice(0, MOST) : together(parts);
}

/** One way of each part, in every combination. */
const together = (parts: readonly Wish[][][]): Wish[][] =>
  parts.reduce<Wish[][]>(
    (all, ways) => all.flatMap((before) => ways.map((way) => [...before, ...way])).slice(0, MOST),
    [[]],
  );
