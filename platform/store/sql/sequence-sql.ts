import { SEQUENCE_HOUR, SEQUENCE_MINUTE, type SequenceBounds } from '#contracts/metric/sequence.ts';

const startOf = (size: number): string => `ts - positiveModulo(ts, ${size})`;

/** The events that take part in sequences, of all that the metric would count: those that come first in the log, as many as the bounds say. */
export const boundedSql = (rows: string, { sequences, points }: SequenceBounds): string => `
  SELECT * FROM (
    SELECT *, dense_rank() OVER (PARTITION BY part, hour ORDER BY begun) AS nthSequence FROM (
      SELECT *, min(position) OVER (PARTITION BY part, hour, dims, member) AS begun,
        row_number() OVER (PARTITION BY part, dims, member, minute ORDER BY position) AS nthPoint
      FROM (SELECT *, ${startOf(SEQUENCE_HOUR)} AS hour, ${startOf(SEQUENCE_MINUTE)} AS minute FROM (${rows}))
    )
  )
  WHERE nthSequence <= ${sequences} AND nthPoint <= ${points}`;
