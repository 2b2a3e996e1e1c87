import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { type AggregateCall, formatAggregate } from '#contracts/metric/aggregate-call.ts';
import { floorTo, GAUGE_HOLD } from '#contracts/metric/pane.ts';
import {
  type Contribution,
  SEQUENCE_BOUNDS,
  type SequenceForm,
  type SequencePoint,
} from '#contracts/metric/sequence.ts';
import { DAY, formatDuration, SECOND } from '#contracts/text/duration.ts';

/** No sample of ours reaches it, so that its integral over a day is below 2^900, and no sum of such is too large for a double. */
const LIMIT = 2 ** 870;

/** A property, and how long its last sample holds: `time_weighted(temperature, 10m)`. */
export function checkGauge({ name, field, args, spans = [] }: AggregateCall): Result<AggregateCall> {
  const [hold = GAUGE_HOLD] = spans;
  if (field === null || args.length > 0 || spans.length > 1) {
    const found = formatAggregate({ name, field, args, spans });
    return refuse(
      'invalid_definition',
      `aggregate: expected one property, such as "${name}(temperature)", got ${shown(found)}.`,
      'aggregate',
    );
  }
  if (hold < SECOND || hold > DAY) {
    return refuse(
      'out_of_range',
      `aggregate: a sample of ${name} holds for 1s to 1d, got ${formatDuration(hold)}.`,
      'aggregate',
    );
  }
  return ok({ name, field, args, ...(hold === GAUGE_HOLD ? {} : { spans: [hold] }) });
}

/** ms of [from, to) within the pane that starts at a time. */
const within = (start: number, pane: number, [from, to]: readonly [number, number]): number =>
  Math.max(0, Math.min(to, start + pane) - Math.max(from, start));

/** Yields the starts of the panes in which a sample would hold if no other followed it. */
function* panesHeld(ts: number, hold: number, pane: number): Generator<number, void> {
  for (let start = floorTo(ts, pane); start < ts + hold; start += pane) yield start;
}

/**
 * Samples of gauges: each holds from its own time until the next one of its key, or for `hold`, and contributes to every pane in which it
 * does its value times the ms there, and these ms. Panes ahead get that at once, and the next sample takes back what is its own. A sample
 * contributes to all panes that its hold touches, be it nothing: so the group has a place there by position in the log alone.
 */
export const GAUGE: SequenceForm = {
  bounds: SEQUENCE_BOUNDS,
  accepts: (value) => Math.abs(value) < LIMIT,
  hold: ({ spans: [hold = GAUGE_HOLD] = [] }) => hold,
  whole: () => 0,
  reach: () => 0,
  insert(points, place, { hold, pane }) {
    const point = points[place]!;
    const [before, after] = [points[place - 1], points[place + 1]];
    const endOf = (sample: SequencePoint): number => Math.min(sample.ts + hold, after?.ts ?? Infinity);
    const own = [point.ts, endOf(point)] as const;
    const taken = [point.ts, before === undefined ? point.ts : endOf(before)] as const;
    return Array.from(panesHeld(point.ts, hold, pane), (start): Contribution => {
      const [given, lost] = [within(start, pane, own), within(start, pane, taken)];
      const integral = point.value * given - (before?.value ?? 0) * lost;
      return { ts: Math.max(start, point.ts), value: [integral, given - lost] };
    });
  },
  touched: (_points, _place, { hold, pane, ts }) => Array.from(panesHeld(ts, hold, pane)).slice(1),
  sql: {
    accepts: (value) => `(abs(${value}) < pow(2., 870))`,
    contributions: (rows, { hold, pane, from }) =>
      piecesSql(from === 0 ? segmentsSql(rows, hold) : changesSql(rows, hold), pane),
  },
};

/** A column of the next row, of those that have the same values in `partition`; of the last its own default. */
const next = (column: string, partition: string): string =>
  `leadInFrame(${column}) OVER (PARTITION BY ${partition} ORDER BY ts, offset, index ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING)`;

const nextTime = (partition: string): string => next('toNullable(ts)', partition);
const SEQUENCE = 'part, sequence';
const endSql = (hold: number, following: string): string =>
  `least(ts + ${hold}, ifNull(${following}, ts + ${hold}))`;

/** Each row holds its `sample` from `begun` to `until`, `sign` times; it has a place in the panes up to `reach`. */
const segmentsSql = (rows: string, hold: number): string => `
  SELECT part, isImported, dims, position AS due, value AS sample, ts AS begun, ${endSql(hold, 'ts1')} AS until,
    ts + ${hold} AS reach, 1 AS sign
  FROM (SELECT *, ${nextTime(SEQUENCE)} AS ts1 FROM (${rows}))`;

/** The same of rows that are not `isBelow`; and of each that is, what those take back that follow it, due to the first of these. */
const changesSql = (rows: string, hold: number): string => `
  SELECT part, isImported, dims, if(isBelow, position1, position) AS due, value AS sample,
    if(isBelow, whole, ts) AS begun, if(isBelow, alone, whole) AS until,
    if(isBelow, alone, ts + ${hold}) AS reach, if(isBelow, -1, 1) AS sign
  FROM (
    SELECT *, ${endSql(hold, 'ts1')} AS whole, ${endSql(hold, 'ts2')} AS alone FROM (
      SELECT *, ${nextTime(SEQUENCE)} AS ts1, ${nextTime(`${SEQUENCE}, isBelow`)} AS ts2,
        ${next('position', SEQUENCE)} AS position1
      FROM (${rows})
    )
  )
  WHERE NOT isBelow OR whole < alone`;

/** Segments, cut at the panes. */
const piecesSql = (segments: string, pane: number): string => `
  SELECT part, start AS pane, isImported, dims, greatest(start, begun) AS ts, due AS position, [sample * held, toFloat64(held)] AS value FROM (
    SELECT *, sign * greatest(0, least(until, start + ${pane}) - greatest(begun, start)) AS held FROM (
      SELECT *, begun - positiveModulo(begun, ${pane}) AS first,
        arrayJoin(arrayMap(i -> first + i * ${pane}, range(toUInt32(intDiv(reach - 1 - first, ${pane}) + 1)))) AS start
      FROM (${segments})
    )
  )`;
