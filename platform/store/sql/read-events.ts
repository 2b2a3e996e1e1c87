import { comparePositions, type EventPosition } from '#contracts/event/event-position.ts';
import { HOUR } from '#contracts/text/duration.ts';
import type { Connection } from '../connection/engine-connection.ts';
import { type EventQuery, type StoredEventPage, withinPanes } from '../event-query.ts';
import type { AggregateOf } from '../store-aggregate.ts';
import { newestPlace, newestRows, type PlacesQuery, readPlaces, startOf } from './event-places.ts';
import { readEventRows } from './event-rows.ts';
import { judgedSql } from './judged-sql.ts';

/** Events that one statement looks at, about: others get their turn between two. */
const CHUNK = 250_000;
/** The first window that is looked at, ms, and how much longer the next may be. */
const FIRST = HOUR;
const GROWTH = 24;

/**
 * Reads a page as `Store.readEvents` says. First come the places of the events alone, in which copies of one event, which a replay
 * leaves behind, are next to each other; then the events.
 */
export async function readEvents(
  connection: Connection,
  asked: EventQuery,
  aggregateOf: AggregateOf,
): Promise<StoredEventPage> {
  const query = withinPanes(asked);
  const newest = await newestPlace(connection, query);
  if (newest === null) return { events: [], next: null };
  const { counted } = query;
  const judged = counted && (await judgedSql(connection, counted, aggregateOf(counted.metric.aggregate)));
  const { places, next } = await findPlaces(connection, { ...query, judged }, newest);
  const { events, read } = await readEventRows(connection, places);
  return { events, next: read < places.length ? places[read - 1]! : next };
}

/**
 * Looks back in time from a place, window by window: time is no part of the table's key, so that a read without a bound
 * would look at the whole archive. An id or a position is looked for at once, since an index leads to it.
 */
async function findPlaces(
  connection: Connection,
  query: PlacesQuery,
  newest: { before: EventPosition; received: number },
): Promise<{ places: EventPosition[]; next: EventPosition | null }> {
  const oldest = Math.max(0, query.from ?? 0);
  const isMore = (): boolean => comparePositions(before, startOf(oldest)) > 0;
  const isCounted = isFiltered(query);
  const places: EventPosition[] = [];
  let { before } = newest;
  let width = query.id === undefined && query.position === undefined ? FIRST : Number.POSITIVE_INFINITY;
  let looked = 0;
  while (places.length < query.limit && looked < query.rows && isMore()) {
    // What is ahead of its receipt is little: it tells nothing about how much there is.
    const latest = Math.min(before.ts, newest.received);
    const wide = { start: Math.max(oldest, latest - Math.floor(width)), before };
    const most = Math.min(CHUNK, query.rows - looked);
    const { window, rows } = isCounted ? await newestRows(connection, wide, most) : { window: wide, rows: 0 };
    const limit = query.limit - places.length;
    const found = await readPlaces(connection, query, window, limit);
    places.push(...withoutCopies(found, places.at(-1)));
    looked += rows;
    if (found.length === limit) before = found.at(-1)!;
    else {
      const fitting = CHUNK / Math.max(1, rows);
      // Twice as long as the page still needs, if events are spread evenly.
      const needed = Math.max(1, (2 * (query.limit - places.length)) / found.length);
      width = 1 + Math.max(0, latest - window.start) * Math.min(GROWTH, fitting, needed);
      before = startOf(window.start);
    }
  }
  return { places, next: isMore() ? before : null };
}

/** Whether events are looked at that are not asked for: an index leads to those of a key, an id or a position, and without conditions all are. */
const isFiltered = ({ key, id, position, events, where, counted }: EventQuery): boolean =>
  key === undefined &&
  id === undefined &&
  position === undefined &&
  (events !== undefined || where.length > 0 || counted !== undefined);

/** Of sorted places each once, and not the one before them. */
const withoutCopies = (
  places: readonly EventPosition[],
  last: EventPosition | undefined,
): readonly EventPosition[] =>
  places.filter((place, i) => {
    const before = i === 0 ? last : places[i - 1];
    return before === undefined || comparePositions(place, before) !== 0;
  });
