import { MillraceError } from '#contracts/errors.ts';
import type { Connection } from './engine-connection.ts';

interface Part {
  table: string;
  partition: string;
  name: string;
  first: number;
  last: number;
}

/**
 * Rejects with `store_damaged` where the engine has put a part aside because it could not be read, and no others hold what was in it. The engine alone would go
 * on without its rows and say nothing. A crash leaves no such part: a merge that was not yet on disk still has the parts that it was made of.
 */
export async function checkParts(connection: Connection, folder: string): Promise<void> {
  const { database } = connection.tables;
  const broken = await connection.query<Part>(
    `SELECT table, partition_id AS partition, name, min_block_number AS first, max_block_number AS last
     FROM system.detached_parts WHERE database = {database:String} AND startsWith(reason, 'broken')`,
    { database },
  );
  if (broken.length === 0) return;
  const active = await connection.query<Part>(
    `SELECT table, partition_id AS partition, name, min_block_number AS first, max_block_number AS last
     FROM system.parts WHERE active AND database = {database:String}`,
    { database },
  );
  const lost = broken.find((part) => !isHeldBy(part, active));
  if (lost === undefined) return;
  throw new MillraceError({
    code: 'store_damaged',
    message: `The Store in ${folder} is damaged: part ${lost.name} of ${lost.table} cannot be read, and no other holds its rows.`,
  });
}

/** Whether others begin and end where the part does; between them there may be numbers that were never used. */
function isHeldBy(part: Part, active: readonly Part[]): boolean {
  const beside = active.filter(
    ({ table, partition }) => table === part.table && partition === part.partition,
  );
  const covers = (block: number): boolean =>
    beside.some(({ first, last }) => first <= block && block <= last);
  return covers(part.first) && covers(part.last);
}
