import { floorTo } from '#contracts/metric/pane.ts';
import { SEQUENCE_HOUR } from '#contracts/metric/sequence.ts';

/** What sessions are cut by, ms. */
export interface SessionLimits {
  /** An event follows the one before it within this time; one that comes later begins a session. */
  gap: number;
  /** No session goes on past a multiple of it, counted from the epoch. */
  longest: number;
}

/*
 * Sessions in ClickHouse, by window functions over the events of each sequence. Ties are broken by position, as everywhere: the engine's own
 * functions of sequences leave the order of equal times open.
 */

/** Events between two cuts. */
const CUT = 'part, sequence, cut';
const IN_ORDER = `PARTITION BY ${CUT} ORDER BY ts, offset, index`;
const SO_FAR = `OVER (${IN_ORDER} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`;
const EARLIER = `OVER (${IN_ORDER} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)`;
const OF_SESSION = `OVER (PARTITION BY ${CUT}, session)`;
const OF_BELOW = `OVER (PARTITION BY ${CUT}, belowSession)`;

/** No event has it. */
const NOWHERE = '(toUInt64(18446744073709551615), toUInt32(4294967295))';
const NOTHING = '[0., 0., 0., 0.]';

const sums = (ms: string, events: string): string =>
  `[1., toFloat64(${ms}), toFloat64(${events}), toFloat64(${events} = 1)]`;

/** The rows with the number of their session among those between two cuts, and whether they begin it. */
const startsSql = (rows: string, { gap, longest }: SessionLimits, columns = ''): string => `
  SELECT *, countIf(isStart) ${SO_FAR} AS session${columns} FROM (
    SELECT *, ifNull(ts - maxOrNull(ts) ${EARLIER} > ${gap}, true) AS isStart FROM (
      SELECT *, ts - positiveModulo(ts, ${longest}) AS cut FROM (${rows})
    )
  )`;

/** What each event adds in its own pane: its session where it begins one, else nothing. `isWhole`: no row is `isBelow`. */
export function sessionsSql(rows: string, limits: SessionLimits & { isWhole: boolean }): string {
  if (!limits.isWhole) return changesSql(rows, limits);
  return `
    SELECT part, pane, isImported, dims, ts, position, if(isStart, ${sums('last - ts', 'events')}, ${NOTHING}) AS value FROM (
      SELECT *, max(ts) ${OF_SESSION} AS last, count() ${OF_SESSION} AS events FROM (${startsSql(rows, limits)})
    )`;
}

/**
 * The same over what the rows that are `isBelow` give alone: of each that begins a session there, the session that it begins now, if any, less that one,
 * where it has changed. That is due to the first event that came to it: one of its time, or within the gap of either end.
 */
function changesSql(rows: string, limits: SessionLimits): string {
  const { gap } = limits;
  const within = `OVER (PARTITION BY ${CUT} ORDER BY ts RANGE BETWEEN ${gap} PRECEDING AND CURRENT ROW)`;
  const firstOf = (condition: string): string => `min(if(${condition}, position, ${NOWHERE}))`;
  const below = startsSql(
    rows,
    limits,
    `, maxIfOrNull(ts, isBelow) ${EARLIER} AS belowBefore, ifNull(ts - belowBefore > ${gap}, true) AS isApart, isBelow AND isApart AS isBelowStart`,
  );
  return `
    SELECT part, pane, isImported, dims, ts, if(isBelow, if(dueBefore < dueBehind, dueBefore, dueBehind), position) AS position,
      arrayMap((a, b) -> a - b, if(isStart, ${sums('last - ts', 'events')}, ${NOTHING}),
        if(isBelowStart, ${sums('belowLast - ts', 'belowEvents')}, ${NOTHING})) AS value
    FROM (
      SELECT *, max(ts) ${OF_SESSION} AS last, count() ${OF_SESSION} AS events, countIf(NOT isBelow) ${OF_SESSION} AS others,
        maxIf(ts, isBelow) ${OF_BELOW} AS belowLast, countIf(isBelow) ${OF_BELOW} AS belowEvents,
        ${firstOf('NOT isBelow AND NOT isApart')} ${OF_BELOW} AS dueBehind, ${firstOf('NOT isBelow')} ${within} AS dueBefore
      FROM (SELECT *, countIf(isBelowStart) ${SO_FAR} AS belowSession FROM (${below}))
    )
    WHERE NOT isBelow OR (isBelowStart AND others > 0)`;
}

/** As `openRuns`. */
export function openRunsSql(rows: string, open: number, limits: SessionLimits): string {
  const from = Math.min(open - limits.gap, floorTo(open, SEQUENCE_HOUR));
  return `
    SELECT any(dims) AS dims, any(member) AS member, min(place).1 AS ts, min(place).2 AS offset, min(place).3 AS index,
      count() AS value, max(place).1 AS end
    FROM (
      SELECT part, sequence, dims, member, cut, session, (ts, offset, index) AS place, ts - positiveModulo(ts, ${SEQUENCE_HOUR}) AS hour,
        max(ts) ${OF_SESSION} AS last
      FROM (${startsSql(rows, limits)})
    )
    WHERE last >= ${from}
    GROUP BY part, sequence, cut, session, hour`;
}
