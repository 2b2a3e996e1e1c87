import { DAY, HOUR, MINUTE } from '../text/duration.ts';
import type { AggregateCall } from './aggregate-call.ts';

/**
 * An event among those of its group and key, which are a *sequence*: ordered by time, ties by position. All of them are in one
 * partition, since a key is.
 */
export interface SequencePoint {
  /** The event's own time, epoch ms. */
  ts: number;
  offset: number;
  index: number;
  value: number;
  /** Where it stands for a run of events, of which the position is that of the first and the value the sum: the time of the last one. */
  end?: number;
}

/** What a point adds: a number, or where an aggregate has several sums, one for each of them. */
export type Contributed = number | readonly number[];

/** What the pane of a time takes of a point. What was taken before, and does not hold any more, is part of the value: it may be negative. */
export interface Contribution {
  ts: number;
  value: Contributed;
}

/**
 * How many events take part. Both follow from the log alone, whatever is in memory: of each hour and minute of event time those
 * count that come first in the log.
 */
export interface SequenceBounds {
  /** Sequences of a metric and partition that have events in one hour. */
  sequences: number;
  /** Events of a sequence in one minute; Infinity where memory does not depend on them. */
  points: number;
}

export const SEQUENCE_HOUR = HOUR;
export const SEQUENCE_MINUTE = MINUTE;

/** A constant of the format: what is stored was counted under it. */
export const SEQUENCE_BOUNDS: SequenceBounds = { sequences: 100_000, points: 10_000 };

/** No event changes panes further before it than this, ms. */
export const MAX_REACH = DAY;

/** What contributions follow from, beside the points. */
export interface SequenceScope {
  /** As `SequenceForm.hold`, ms. */
  hold: number;
  /** Size of the metric's panes, ms. */
  pane: number;
  /** The key of the sequence's events. */
  key: string;
  call: AggregateCall;
}

/**
 * What an aggregate counts that looks at several events of a sequence. The sum of all contributions is that of the sorted sequence,
 * in whatever order its events came.
 */
export interface SequenceForm {
  bounds: SequenceBounds;
  /** How many sums a contribution has; absent where it is a number. */
  sums?: number;
  /** Whether the number of a field is one that it counts; others are skipped and counted. All are where there is no field: an event has the value 1 then, or the bits of conditions. */
  accepts(value: number): boolean;
  /** ms after a point within which the next one still follows it; one that comes later begins anew. */
  hold(call: AggregateCall): number;
  /** ms before an event for which all points are needed, `hold` at most; of what is further back the last one is. */
  whole(call: AggregateCall): number;
  /** ms before an event up to which panes may change by it, `MAX_REACH` at most; 0 where only its own and later ones do. */
  reach(call: AggregateCall): number;
  /**
   * What changes by the point at a place, which has just been put there: first at its own time, if only by nothing, so that its group
   * has a place there; then at the times of other points of the sequence or in panes ahead of it within `hold`, none of them further back
   * than `reach`, so that no pane that is final changes. What `runs` joins is one point afterwards.
   */
  insert(points: SequencePoint[], place: number, scope: SequenceScope): Contribution[];
  /** Times beside its own at which an event of this time may change something: `place` is where it would be put. */
  touched(
    points: readonly SequencePoint[],
    place: number,
    scope: Omit<SequenceScope, 'key'> & { ts: number },
  ): number[];
  /** Present where points are kept as runs of events, and events are not told apart any more. */
  runs?: RunForm;
  sql: SequenceSql;
}

/** How runs of events are kept in place of the events. Those of a sequence lie apart and in order. */
export interface RunForm {
  /** Makes one run of that at a place, which has just been put there, and of those beside it that belong to it. */
  join(points: SequencePoint[], place: number, call: AggregateCall): void;
  /** Whether no event from a time on can belong to a run any more. */
  isOver(run: SequencePoint, open: number, call: AggregateCall): boolean;
  /**
   * Of the events of a sequence, in order, the runs that those from a time on need, and of those of its hour all: each cut into those of its
   * hours that have events, so that the bounds can be counted on. `sql`: the same of `rows` as in `SequenceSql`, columns `dims, member, ts,
   * offset, index, value, end`.
   */
  open(points: readonly SequencePoint[], open: number, call: AggregateCall): SequencePoint[];
  sql(rows: string, open: number, call: AggregateCall): string;
}

/** The same in ClickHouse. */
export interface SequenceSql {
  /** The condition for a Float64 expression of a field. */
  accepts(value: string): string;
  /**
   * The contributions of `rows`, a query with the columns `part, pane, isImported, dims, member, sequence, ts, position, offset, index,
   * value, isBelow`: what the rows give that are not `isBelow`, over what these give alone; with `from` 0 none is. `position`: of the event that
   * it is due to. Each row that is not `isBelow` gives one in its own pane, if only of nothing; `value` is a number, or an array of them.
   */
  contributions(rows: string, scope: Omit<SequenceScope, 'key'> & { from: number }): string;
}

/** In the order of a sequence: below 0 when `a` comes first. */
export const comparePoints = (a: SequencePoint, b: SequencePoint): number =>
  a.ts - b.ts || a.offset - b.offset || a.index - b.index;
