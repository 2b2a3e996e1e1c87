import type { Aggregate } from '#aggregates/aggregate.ts';
import type { State } from '#contracts/metric/state.ts';
import type { Connection } from '../connection/engine-connection.ts';

/** Encoded states as rows, merged by the SQL of their aggregate. */
export async function mergeInSql(
  { query }: Pick<Connection, 'query'>,
  aggregate: Aggregate,
  states: readonly State[],
): Promise<State> {
  const { nums, keys, counts } = aggregate.sql.merge;
  const rows = states
    .map(
      (s) =>
        `SELECT ${list(s.nums, 'Float64')} AS nums, ${list(s.keys, 'UInt32')} AS keys, ${list(s.counts, 'UInt64')} AS counts`,
    )
    .join(' UNION ALL ');
  const [found] = await query<State>(
    `SELECT CAST(${nums}, 'Array(Float64)') AS a, CAST(${keys}, 'Array(UInt32)') AS b, CAST(${counts}, 'Array(UInt64)') AS c
     FROM (${rows}) SETTINGS output_format_json_quote_64bit_integers = 0`,
  ).then((all) =>
    all.map((row) => {
      const { a, b, c } = row as unknown as Record<'a' | 'b' | 'c', number[]>;
      return { nums: a, keys: b, counts: c };
    }),
  );
  return found!;
}

const list = (values: readonly number[], type: string): string =>
  `CAST([${values.join(', ')}], 'Array(${type})')`;
