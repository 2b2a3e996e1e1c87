import type { EventPosition } from '#contracts/event/event-position.ts';
import type { Filter } from '#contracts/filter/filter.ts';
import type { ArchiveRow } from '#contracts/log/rows.ts';
import type { JudgedScope } from './judged-events.ts';

/** Archived events by their own time, in [from, to), that fulfil every condition that is given. */
export interface EventQuery {
  from?: number | undefined;
  to?: number | undefined;
  /** Names, of which the event has one. */
  events?: readonly string[] | undefined;
  key?: string | undefined;
  id?: string | undefined;
  /** Its place in the Log. */
  position?: Omit<EventPosition, 'ts'> | undefined;
  where: readonly Filter[];
  /** Only events that a metric version counts, of the scope's groups; names and filter of the metric hold as well. */
  counted?: JudgedScope | undefined;
  /** Only events that come before it in the order of positions. */
  before?: EventPosition | undefined;
  /** Events at most. */
  limit: number;
  /**
   * Archived events that are looked at, about, before the read ends with what it has; those of one millisecond are always looked at
   * together. Without a bound for those of a key, an id or a position, to which an index leads.
   */
  rows: number;
}

/** The query with the times of the panes that it asks for. */
export const withinPanes = (query: EventQuery): EventQuery =>
  query.counted === undefined
    ? query
    : {
        ...query,
        from: Math.max(query.counted.from, query.from ?? query.counted.from),
        to: Math.min(query.counted.to, query.to ?? query.counted.to),
      };

/** A part of what a query asks for. */
export interface StoredEventPage {
  /** Newest first. The JSON text of properties may have another order than what was inserted. */
  events: ArchiveRow[];
  /** The `before` of the next page; null where there is none. All events that the query asks for at or behind it are in this page, or behind the query's `before`. */
  next: EventPosition | null;
}
