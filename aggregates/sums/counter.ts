import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { type AggregateCall, formatAggregate } from '#contracts/metric/aggregate-call.ts';
import { SEQUENCE_BOUNDS, type SequenceForm, type SequencePoint } from '#contracts/metric/sequence.ts';
import { DAY, formatDuration, HOUR, SECOND } from '#contracts/text/duration.ts';

/** How long the last sample of a counter is remembered where the definition does not say. */
const DEFAULT_HOLD = HOUR;
/** No sample of ours reaches it, so that no sum of them is too large for a double. */
const LIMIT = 2 ** 900;

/** A property, and how long its last sample counts: `increase(requests_total, 10m)`. */
export function checkCounter({ name, field, args, spans = [] }: AggregateCall): Result<AggregateCall> {
  const [hold = DEFAULT_HOLD] = spans;
  if (field === null || args.length > 0 || spans.length > 1) {
    const found = formatAggregate({ name, field, args, spans });
    return refuse(
      'invalid_definition',
      `aggregate: expected one property, such as "${name}(requests_total)", got ${shown(found)}.`,
      'aggregate',
    );
  }
  if (hold < SECOND || hold > DAY) {
    return refuse(
      'out_of_range',
      `aggregate: ${name} remembers a sample for 1s to 1d, got ${formatDuration(hold)}.`,
      'aggregate',
    );
  }
  return ok({ name, field, args, ...(hold === DEFAULT_HOLD ? {} : { spans: [hold] }) });
}

/** By how much a counter rose from a sample to the next: by all of it where it is lower, since it has begun at 0 again. */
function gain(from: SequencePoint | undefined, to: SequencePoint, hold: number): number {
  if (from === undefined || to.ts - from.ts > hold) return 0;
  return to.value >= from.value ? to.value - from.value : to.value;
}

/**
 * Samples of counters, which only rise until they begin at 0 again: each adds, at its own time, what the counter rose by since the sample
 * before it. A first sample adds nothing, since nobody knows when that was counted.
 */
export const COUNTER: SequenceForm = {
  bounds: SEQUENCE_BOUNDS,
  accepts: (value) => value >= 0 && value < LIMIT,
  hold: ({ spans: [hold = DEFAULT_HOLD] = [] }) => hold,
  whole: () => 0,
  reach: () => 0,
  insert(points, place, { hold }) {
    const point = points[place]!;
    const [before, after] = [points[place - 1], points[place + 1]];
    const own = { ts: point.ts, value: gain(before, point, hold) };
    if (after === undefined) return [own];
    const change = gain(point, after, hold) - gain(before, after, hold);
    return [own, { ts: after.ts, value: change }];
  },
  touched(points, place) {
    const after = points[place];
    return after === undefined ? [] : [after.ts];
  },
  sql: {
    accepts: (value) => `(${value} >= 0 AND ${value} < pow(2., 900))`,
    contributions: (rows, { hold, from }) => (from === 0 ? gainsSql(rows, hold) : changesSql(rows, hold)),
  },
};

const SEQUENCE = 'part, sequence';

/** A column of the row before, of those that have the same values in `partition`; null for the first. */
const before = (column: string, partition: string): string =>
  `lagInFrame(toNullable(${column})) OVER (PARTITION BY ${partition} ORDER BY ts, offset, index ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)`;

/** `gain`, from the columns of the row before. */
const gainSql = (hold: number, ts: string, value: string): string =>
  `multiIf(ifNull(ts - ${ts} > ${hold}, true), 0., value >= assumeNotNull(${value}), value - assumeNotNull(${value}), value)`;

/** Each row adds what it rose by. */
const gainsSql = (rows: string, hold: number): string => `
  SELECT part, pane, isImported, dims, ts, position, ${gainSql(hold, 'ts1', 'value1')} AS value FROM (
    SELECT part, pane, isImported, dims, ts, position, value, ${before('ts', SEQUENCE)} AS ts1, ${before('value', SEQUENCE)} AS value1
    FROM (${rows})
  )`;

/** The same of rows that are not `isBelow`; and of each that is, the difference that those make which have come before it. */
function changesSql(rows: string, hold: number): string {
  const due = `OVER (PARTITION BY ${SEQUENCE}, era)`;
  const [all, below] = [gainSql(hold, 'ts1', 'value1'), gainSql(hold, 'ts2', 'value2')];
  return `
    SELECT part, pane, isImported, dims, ts, due AS position, change AS value FROM (
      SELECT part, pane, isImported, dims, ts,
        if(isBelow, minIf(position, NOT isBelow) ${due}, position) AS due,
        if(isBelow, ${all} - ${below}, ${all}) AS change,
        NOT isBelow OR countIf(NOT isBelow) ${due} > 0 AS isChanged
      FROM (
        SELECT *, ${before('ts', SEQUENCE)} AS ts1, ${before('value', SEQUENCE)} AS value1,
          ${before('ts', `${SEQUENCE}, isBelow`)} AS ts2, ${before('value', `${SEQUENCE}, isBelow`)} AS value2,
          countIf(isBelow) OVER (PARTITION BY ${SEQUENCE} ORDER BY ts, offset, index ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS era
        FROM (${rows})
      )
    )
    WHERE isChanged`;
}
