import { HOUR, MINUTE } from '../text/duration.ts';
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
}

/** What the pane of a point's time takes of it. What was taken before, and does not hold any more, is part of the value: it may be negative. */
export interface Contribution {
  ts: number;
  value: number;
}

/**
 * How many events take part. Both follow from the log alone, whatever is in memory: of each hour and minute of event time those
 * count that come first in the log.
 */
export interface SequenceBounds {
  /** Sequences of a metric and partition that have events in one hour. */
  sequences: number;
  /** Events of a sequence in one minute. */
  points: number;
}

export const SEQUENCE_HOUR = HOUR;
export const SEQUENCE_MINUTE = MINUTE;

/** A constant of the format: what is stored was counted under it. */
export const SEQUENCE_BOUNDS: SequenceBounds = { sequences: 100_000, points: 10_000 };

/**
 * What an aggregate counts that looks at several events of a sequence. The sum of all contributions is that of the sorted sequence,
 * in whatever order its events came.
 */
export interface SequenceForm {
  bounds: SequenceBounds;
  /** Whether a number is one that it counts; others are skipped and counted. */
  accepts(value: number): boolean;
  /** ms after a point within which the next one still follows it; one that comes later begins anew. */
  hold(call: AggregateCall): number;
  /** What changes by the point at a place, which has just been put there: at its own time or later, so that no pane that is final changes. */
  insert(points: readonly SequencePoint[], place: number, hold: number): Contribution[];
  sql: SequenceSql;
}

/** The same in ClickHouse. */
export interface SequenceSql {
  /** The condition for a Float64 expression. */
  accepts(value: string): string;
  /**
   * The contributions of `rows`, a query with the columns `part, pane, isImported, dims, sequence, ts, position, offset, index, value,
   * isBelow`: what the rows give that are not `isBelow`, over what these give alone; with `from` 0 none is. `position`: of the event that
   * it is due to.
   */
  contributions(rows: string, scope: { hold: number; from: number }): string;
}

/** In the order of a sequence: below 0 when `a` comes first. */
export const comparePoints = (a: SequencePoint, b: SequencePoint): number =>
  a.ts - b.ts || a.offset - b.offset || a.index - b.index;
