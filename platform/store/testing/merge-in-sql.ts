import type { Aggregate } from '#aggregates/aggregate.ts';
import type { AggregateCall } from '#contracts/metric/aggregate-call.ts';
import type { State } from '#contracts/metric/state.ts';
import type { Connection } from '../connection/engine-connection.ts';

/** Encoded states as rows, merged by the SQL of their aggregate. */
export async function mergeInSql(
  { query }: Pick<Connection, 'query'>,
  aggregate: Aggregate,
  states: readonly State[],
): Promise<State> {
  return readState(query, aggregate.sql.merge, rowsSql(states));
}

/** The same, and then reduced by the SQL of the aggregate. */
export async function reduceInSql(
  { query }: Pick<Connection, 'query'>,
  aggregate: Aggregate,
  call: AggregateCall,
  states: readonly State[],
): Promise<State> {
  const { nums, keys, counts } = aggregate.sql.merge;
  const merged = `SELECT ${typed(nums, 'Float64')} AS m1, ${typed(keys, 'UInt32')} AS m2, ${typed(counts, 'UInt64')} AS m3 FROM (${rowsSql(states)})`;
  return readState(query, aggregate.reduced!.sql(call, { nums: 'm1', keys: 'm2', counts: 'm3' }), merged);
}

async function readState(
  query: Connection['query'],
  { nums, keys, counts }: Record<keyof State, string>,
  from: string,
): Promise<State> {
  const [found] = await query<Record<'a' | 'b' | 'c', number[]>>(
    `SELECT ${typed(nums, 'Float64')} AS a, ${typed(keys, 'UInt32')} AS b, ${typed(counts, 'UInt64')} AS c
     FROM (${from}) SETTINGS output_format_json_quote_64bit_integers = 0`,
  );
  return { nums: found!.a, keys: found!.b, counts: found!.c };
}

const rowsSql = (states: readonly State[]): string =>
  states
    .map(
      (s) =>
        `SELECT ${list(s.nums, 'Float64')} AS nums, ${list(s.keys, 'UInt32')} AS keys, ${list(s.counts, 'UInt64')} AS counts`,
    )
    .join(' UNION ALL ');

const typed = (expression: string, type: string): string => `CAST(${expression}, 'Array(${type})')`;

const list = (values: readonly number[], type: string): string => typed(`[${values.join(', ')}]`, type);
