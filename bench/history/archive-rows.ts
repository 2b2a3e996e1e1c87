import { openChdbConnection } from '#platform/store/connection/chdb-connection.ts';
import { INSERT_SETTINGS_TEXT } from '#platform/store/connection/statement-settings.ts';
import { PROPERTIES_SQL, VISIT } from './visits.ts';

/** Events spread evenly over the time before `end`. */
export interface History {
  events: number;
  days: number;
  /** Epoch ms. */
  end: number;
}

export const DAY = 86_400_000;
const MEMORY = 4_000_000_000;
/** Rows of a statement. */
const CHUNK = 1_000_000;

/**
 * Adds a history to the archive of a Store that no process has open, inside the engine. The rows are those of a log whose first block
 * in each partition held the whole history in the order of time: position (partition, 0, n).
 */
export async function insertArchive(
  folder: string,
  partitions: number,
  { events, days, end }: History,
): Promise<void> {
  const connection = await openChdbConnection({ folder, memory: MEMORY, sessions: 2 });
  const { archive } = connection.tables;
  const span = days * DAY;
  try {
    for (let first = 0; first < events; first += CHUNK) {
      const count = Math.min(CHUNK, events - first);
      await connection.command(
        `INSERT INTO ${archive} (part, offset, \`index\`, block, received, ts, watermark, id, key, event, properties)
        ${INSERT_SETTINGS_TEXT}
        SELECT cityHash64(number, 3) % ${partitions}, 0, number, 'history', ts, ts, ts, NULL, NULL, '${VISIT}', ${PROPERTIES_SQL}
        FROM (SELECT number, ${end - span} + intDiv(number * ${span}, ${events}) AS ts FROM numbers(${first}, ${count}))`,
      );
    }
  } finally {
    await connection.close();
  }
}
