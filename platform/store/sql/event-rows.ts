import type { EventPosition } from '#contracts/event/event-position.ts';
import type { ArchiveRow } from '#contracts/log/rows.ts';
import { awaitTurn } from '#platform/process/tasks/turns.ts';
import type { Connection } from '../connection/engine-connection.ts';
import { READER_SETTINGS } from '../connection/statement-settings.ts';
import { restoreProperties } from './restore-properties.ts';
import { whole } from './sql-fold.ts';
import { receivedFrom } from './stored-events.ts';

/** Events of one statement. */
const AT_ONCE = 100;
/** Characters of properties after which no more are read. */
const MOST = 4_000_000;

type StoredEvent = Omit<ArchiveRow, 'imported'> & { imported: number };

/**
 * Reads the events at places that are sorted, in their order, as long as their properties are not too large together: then `isWhole` is
 * false. What has gone since its place was read is left out.
 */
export async function readEventRows(
  connection: Connection,
  places: readonly EventPosition[],
): Promise<{ events: ArchiveRow[]; read: number }> {
  const events: ArchiveRow[] = [];
  let size = 0;
  let read = 0;
  for (; read < places.length && size < MOST; read += AT_ONCE) {
    const some = places.slice(read, read + AT_ONCE);
    const stored = await readStored(connection, some);
    for (const place of some) {
      const row = stored.get(textOf(place));
      if (row === undefined) continue;
      size += row.properties.length;
      events.push({ ...row, properties: restoreProperties(row.properties), imported: row.imported === 1 });
      await awaitTurn();
    }
  }
  return { events, read };
}

const textOf = ({ part, offset, index }: EventPosition): string => `${part}/${offset}/${index}`;

/** By place. A copy of an event equals it. */
async function readStored(
  { query, tables }: Connection,
  places: readonly EventPosition[],
): Promise<Map<string, StoredEvent>> {
  const list = places.map((p) => `(${whole(p.part)}, ${whole(p.offset)}, ${whole(p.index)})`).join();
  const times = places.map(({ ts }) => ts);
  const where = `(part, offset, index) IN (${list}) AND received >= {receivedFrom:Int64} AND ts >= {from:Int64} AND ts <= {to:Int64}`;
  const select = (table: string): string =>
    `SELECT part, offset, index, block, received, ts, watermark, id, key, event, toJSONString(properties) AS properties,
      ${table === tables.archive ? 'imported' : 'toUInt8(0) AS imported'}
     FROM ${table} WHERE ${where}`;
  const found = await query<StoredEvent>(
    `SELECT * FROM (${select(tables.archive)} UNION ALL ${select(tables.events)}) ${READER_SETTINGS}`,
    { receivedFrom: receivedFrom(Math.min(...times)), from: Math.min(...times), to: Math.max(...times) },
  );
  return new Map(found.map((row) => [textOf(row), row]));
}
