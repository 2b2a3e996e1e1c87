import { DAY, HOUR } from '#contracts/text/duration.ts';
import type { Connection } from '../connection/engine-connection.ts';
import { READER_SETTINGS } from '../connection/statement-settings.ts';
import type { EventSample, NameSpan, SampleQuery } from '../event-samples.ts';
import { type EventWindow, IN_WINDOW, newestPlace, newestRows, windowParams } from './event-places.ts';
import { readEventRows } from './event-rows.ts';
import type { PaneSource } from './pane-source.ts';

/** Names that are counted. */
const NAMES = 10_000;
/** How far back the first look goes, and those after it, ms: time is no part of the table's key. */
const LOOKS = [HOUR, DAY, 30 * DAY, Number.POSITIVE_INFINITY];

/** Takes samples as `EventSamples.readSample` says. First come the places of the events alone, then the events. */
export async function readSample(
  connection: Connection,
  { event, rows, perName, limit }: SampleQuery,
): Promise<EventSample> {
  const window = await sampleWindow(connection, rows);
  if (window === null) return { events: [], names: [], from: null };
  const { query, tables } = connection;
  const conditions = event === null ? IN_WINDOW : `${IN_WINDOW} AND event = {event:String}`;
  const params = { ...windowParams(window), ...(event === null ? {} : { event }) };
  const from = (columns: string): string =>
    [tables.archive, tables.events]
      .map((table) => `SELECT ${columns} FROM ${table} WHERE ${conditions}`)
      .join(' UNION ALL ');
  const names = await query<{ event: string; events: number }>(
    `SELECT event, count() AS events FROM (${from('event')}) GROUP BY event ORDER BY events DESC, event
     LIMIT {names:UInt64} ${READER_SETTINGS}`,
    { ...params, names: NAMES },
  );
  const places = await query<{ ts: number; part: number; offset: number; index: number }>(
    `SELECT ts, part, offset, index FROM (
       SELECT event, ts, part, offset, index FROM (${from('event, ts, part, offset, index')})
       ORDER BY ts DESC, part DESC, offset DESC, index DESC LIMIT {perName:UInt64} BY event LIMIT {limit:UInt64}
     ) ${READER_SETTINGS}`,
    { ...params, perName, limit },
  );
  const { events } = await readEventRows(connection, places);
  return {
    events: events.map(({ event: name, ts, properties }) => ({ event: name, ts, properties })),
    names,
    from: window.start,
  };
}

/** Returns the window of the newest rows, about as many; null without any. */
async function sampleWindow(connection: Connection, rows: number): Promise<EventWindow | null> {
  const newest = await newestPlace(connection, { where: [], limit: 1, rows });
  if (newest === null) return null;
  const { before, received } = newest;
  const latest = Math.min(before.ts, received);
  let found: Awaited<ReturnType<typeof newestRows>> | null = null;
  for (const back of LOOKS) {
    found = await newestRows(connection, { start: Math.max(0, latest - back), before }, rows);
    if (found.rows >= rows) break;
  }
  return found?.window ?? null;
}

/** The first and the last pane of each group, of the rows that a source has. */
export async function readSpans(
  { query }: Connection,
  source: ReturnType<PaneSource>,
  limit: number,
): Promise<NameSpan[]> {
  const found = await query<{ grp: string[]; first: number; last: number }>(
    `SELECT grp, min(pane) AS first, max(pane) AS last FROM (${source.sql}) GROUP BY grp ORDER BY grp
     LIMIT {limit:UInt64} ${READER_SETTINGS}`,
    { ...source.params, limit },
  );
  return found.map(({ grp, first, last }) => ({ group: grp, first, last }));
}
