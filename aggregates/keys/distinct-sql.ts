import type { AggregateSql } from '../aggregate.ts';
import { REGISTERS, rankSql, registerSql } from './hyper-log-log.ts';

/** Hash pairs of a group as an aggregate expression, at most one more than the limit: enough to know that it is passed. */
const pairsOf = (limit: number, input: string): string =>
  `groupUniqArray(${limit + 1})((murmurHash3_32(${input}), xxHash32(${input})))`;

/** (register numbers, ranks) as one array of every register. */
const spread = (map: string): string =>
  `arrayReduce('groupArrayInsertAt(0, ${REGISTERS})', (${map}).2, (${map}).1)`;

/** Row columns as an array of pairs. */
const ROW_PAIRS = 'arrayMap(i -> (keys[2 * i - 1], keys[2 * i]), range(1, intDiv(length(keys), 2) + 1))';

/** The state of `distinct.ts` as ClickHouse expressions. */
export function distinctSql(limit: number): AggregateSql {
  const flat = (pairs: string, isExact: string): string =>
    `if(${isExact}, arrayFlatten(arrayMap(p -> [p.1, p.2], arraySort(${pairs}))), [])`;
  return {
    state(input) {
      const pairs = pairsOf(limit, input);
      const exact = `length(${pairs}) <= ${limit}`;
      const map = `maxMap([${registerSql(`murmurHash3_32(${input})`)}], [${rankSql(`xxHash32(${input})`)}])`;
      return {
        nums: '[]',
        keys: flat(pairs, exact),
        counts: `if(${exact}, [], ${spread(map)})`,
      };
    },
    merge: (() => {
      const pairs = `groupUniqArrayArray(${limit + 1})(${ROW_PAIRS})`;
      const exact = `(length(${pairs}) <= ${limit} AND max(length(counts)) = 0)`;
      const map =
        `maxMap(arrayMap(p -> ${registerSql('p.1')}, ${ROW_PAIRS}), ` +
        `arrayMap(p -> ${rankSql('p.2')}, ${ROW_PAIRS}))`;
      const dense = `arrayResize(maxForEach(counts), ${REGISTERS})`;
      return {
        nums: '[]',
        keys: flat(pairs, exact),
        counts: `if(${exact}, [], arrayMap((a, b) -> greatest(a, b), ${dense}, ${spread(map)}))`,
      };
    })(),
  };
}
