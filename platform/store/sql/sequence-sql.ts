import { SEQUENCE_HOUR, SEQUENCE_MINUTE, type SequenceBounds } from '#contracts/metric/sequence.ts';
import type { Connection, Params } from '../connection/engine-connection.ts';
import { READ_SETTINGS } from '../connection/statement-settings.ts';

const startOf = (size: number): string => `ts - positiveModulo(ts, ${size})`;

/** Events of sequences, with the sequence as a hash, which is sorted by in half the time that its group and key are. */
export const sequenceRows = (rows: string): string => `
  SELECT part, pane, isImported, dims, member, ts, position, position.1 AS offset, position.2 AS index, value, isBelow,
    sipHash128(toString((dims, member))) AS sequence
  FROM (${rows})`;

/** The events that take part in sequences, of all that the metric would count: those that come first in the log, as many as the bounds say. */
export const boundedSql = (rows: string, { sequences, points }: SequenceBounds): string => `
  SELECT * FROM (
    SELECT *, dense_rank() OVER (PARTITION BY part, hour ORDER BY begun) AS nthSequence FROM (
      SELECT *, min(position) OVER (PARTITION BY part, hour, sequence) AS begun,
        row_number() OVER (PARTITION BY part, sequence, minute ORDER BY offset, index) AS nthPoint
      FROM (SELECT *, ${startOf(SEQUENCE_HOUR)} AS hour, ${startOf(SEQUENCE_MINUTE)} AS minute FROM (${rows}))
    )
  )
  WHERE nthSequence <= ${sequences}${points === Number.POSITIVE_INFINITY ? '' : ` AND nthPoint <= ${points}`}`;

/** Whether any of the events is beyond the bounds. Nearly always none is, and to count them is much quicker than to rank them. */
export async function reachesBounds(
  { query }: Connection,
  { rows, params }: { rows: string; params: Params },
  { sequences, points }: SequenceBounds,
): Promise<boolean> {
  const [found] = await query<{ is: number }>(
    `SELECT max(${points === Number.POSITIVE_INFINITY ? '' : `most > ${points} OR `}ofHour > ${sequences}) AS is FROM (
       SELECT max(count) AS most, uniqExact(sequence) AS ofHour FROM (
         SELECT part, sequence, ${startOf(SEQUENCE_MINUTE)} AS minute, count() AS count FROM (${rows}) GROUP BY part, sequence, minute
       ) GROUP BY part, minute - positiveModulo(minute, ${SEQUENCE_HOUR})
     ) ${READ_SETTINGS}`,
    params,
  );
  return (found?.is ?? 0) > 0;
}
