import type { AggregateCall } from '#contracts/metric/aggregate-call.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import {
  type Contribution,
  SEQUENCE_BOUNDS,
  SEQUENCE_HOUR,
  type SequenceForm,
  type SequencePoint,
} from '#contracts/metric/sequence.ts';
import { DAY } from '#contracts/text/duration.ts';
import { openRunsSql, type SessionLimits, sessionsSql } from './session-sql.ts';

/** How long a session may be where the definition does not say: it ends at midnight in UTC. */
export const DEFAULT_LONGEST = DAY;

export const limitsOf = ({
  spans: [gap = 0, longest = DEFAULT_LONGEST] = [],
}: AggregateCall): SessionLimits => ({
  gap,
  longest,
});

/** What a session adds to the pane of its start: itself, its ms, its events, and whether there is one alone. */
export type SessionSums = readonly [count: number, ms: number, events: number, bounced: number];

const NOTHING: SessionSums = [0, 0, 0, 0];

const minus = (a: SessionSums, b: SessionSums): SessionSums => [
  a[0] - b[0],
  a[1] - b[1],
  a[2] - b[2],
  a[3] - b[3],
];

const endOf = ({ ts, end = ts }: SequencePoint): number => end;

const sumsOf = (run: SequencePoint): SessionSums => [
  1,
  endOf(run) - run.ts,
  run.value,
  run.value === 1 ? 1 : 0,
];

/** Whether two runs, of which `before` begins first, are of one session. */
const isJoined = (before: SequencePoint, after: SequencePoint, { gap, longest }: SessionLimits): boolean =>
  after.ts - endOf(before) <= gap && floorTo(before.ts, longest) === floorTo(after.ts, longest);

/** Makes one run of that at a place and of those beside it that are of the same session. Returns what they were. */
function join(points: SequencePoint[], place: number, limits: SessionLimits) {
  const own = points[place]!;
  const [before, after] = [points[place - 1], points[place + 1]];
  const left = before !== undefined && isJoined(before, own, limits) ? before : null;
  const right = after !== undefined && isJoined(own, after, limits) ? after : null;
  const parts = [left, own, right].filter((part) => part !== null);
  const run: SequencePoint = {
    ...parts[0]!,
    end: Math.max(...parts.map(endOf)),
    value: parts.reduce((sum, { value }) => sum + value, 0),
  };
  points.splice(left === null ? place : place - 1, parts.length, run);
  return { own, left, right, run };
}

/** What of old and new sessions changes, by their starts. What the event begins itself, if anything, comes first. */
function insert(points: SequencePoint[], place: number, limits: SessionLimits): Contribution[] {
  const { own, left, right, run } = join(points, place, limits);
  const changes: Contribution[] = [{ ts: own.ts, value: left === null ? sumsOf(run) : NOTHING }];
  if (left !== null) changes.push({ ts: left.ts, value: minus(sumsOf(run), sumsOf(left)) });
  if (right !== null) changes.push({ ts: right.ts, value: minus(NOTHING, sumsOf(right)) });
  return changes;
}

/** The starts of the sessions that an event of this time would join, behind those of which the place is. */
function touched(
  points: readonly SequencePoint[],
  place: number,
  ts: number,
  limits: SessionLimits,
): number[] {
  const event = { ts, offset: 0, index: 0, value: 1 };
  const [before, after] = [points[place - 1], points[place]];
  return [
    ...(before !== undefined && isJoined(before, event, limits) ? [before.ts] : []),
    ...(after !== undefined && isJoined(event, after, limits) ? [after.ts] : []),
  ];
}

/** Whether no event from `open` on can be of a session any more. */
const isOver = (run: SequencePoint, open: number, { gap, longest }: SessionLimits): boolean =>
  endOf(run) < open - gap || floorTo(run.ts, longest) + longest <= open;

/**
 * The sessions of the points of a sequence that are needed to go on from `open`, hour by hour of their events, so that it is also known in
 * which hours there are some. Those that are over are needed where they have events in the hour of `open`.
 */
function openRuns(points: readonly SequencePoint[], open: number, limits: SessionLimits): SequencePoint[] {
  const sessions: { end: number; hours: SequencePoint[] }[] = [];
  let before: SequencePoint | undefined;
  for (const point of points) {
    const hour = floorTo(point.ts, SEQUENCE_HOUR);
    if (before === undefined || !isJoined(before, point, limits)) sessions.push({ end: point.ts, hours: [] });
    const session = sessions.at(-1)!;
    session.end = point.ts;
    const last = session.hours.at(-1);
    if (last === undefined || last.ts < hour) session.hours.push({ ...point, end: point.ts });
    else session.hours.splice(-1, 1, { ...last, end: point.ts, value: last.value + point.value });
    before = point;
  }
  const from = Math.min(open - limits.gap, floorTo(open, SEQUENCE_HOUR));
  return sessions.flatMap(({ end, hours }) => (end >= from ? hours : []));
}

/**
 * Sessions of the events of a key: each follows the one before within a gap, and none goes on past a multiple of the longest. In memory
 * they are runs: one point for each session that an event on time can still join, however many events it has. So there is no bound of the
 * events of a minute.
 */
export const SESSION_RUNS: SequenceForm = {
  bounds: { ...SEQUENCE_BOUNDS, points: Number.POSITIVE_INFINITY },
  sums: 4,
  accepts: () => true,
  hold: (call) => limitsOf(call).longest,
  whole: () => 0,
  reach: (call) => limitsOf(call).longest,
  insert: (points, place, { call }) => insert(points, place, limitsOf(call)),
  touched: (points, place, { ts, call }) => touched(points, place, ts, limitsOf(call)),
  runs: {
    join(points, place, call) {
      join(points, place, limitsOf(call));
    },
    isOver: (run, open, call) => isOver(run, open, limitsOf(call)),
    open: (points, open, call) => openRuns(points, open, limitsOf(call)),
    sql: (rows, open, call) => openRunsSql(rows, open, limitsOf(call)),
  },
  sql: {
    accepts: () => 'true',
    contributions: (rows, { call, from }) => sessionsSql(rows, { ...limitsOf(call), isWhole: from === 0 }),
  },
};
