import { copyFile, cp, link, mkdir, readdir, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { MillraceError } from '#contracts/errors.ts';
import type { ChdbConnection } from './chdb-connection.ts';

/** What the Store held at one moment, as files that nothing changes; an engine that is given a copy of them opens it. */
export interface FrozenStore {
  folder: string;
  release(): Promise<void>;
}

type Query = ChdbConnection['query'];

interface ActivePart {
  name: string;
  path: string;
}

/** The engine looks into no folder of this name; it has to be on the file system of the parts, to which its links lead. */
const FROZEN = join('shadow', 'millrace-backup');
/** Attempts for a table whose parts are dropped faster than they can be linked. */
const TRIES = 20;
/** Error codes of a file system without hard links. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EXDEV', 'EMLINK', 'ENOSYS'];

/** Removes what a process that ended during a backup has left. */
export const removeFrozen = (folder: string): Promise<void> =>
  rm(join(folder, FROZEN), { recursive: true, force: true });

/**
 * Links the files of all active parts, while no insert runs. The engine never changes a part: merges, deletes and retention make new ones
 * and drop old ones. Its own FREEZE would leave out the parts by which rows are deleted. Commits are frozen first, so that
 * a back-fill that they record is there as well, then the marks of roll-ups, so that the rows that they speak of are.
 */
export async function freezeTables(connection: ChdbConnection, folder: string): Promise<FrozenStore> {
  const frozen = join(folder, FROZEN);
  const release = (): Promise<void> => removeFrozen(folder);
  await release();
  try {
    await connection.betweenInserts(async (query) => {
      for (const table of await tablesOf(query, connection.tables.database))
        await freezeTable(query, { database: connection.tables.database, table, folder, frozen });
      await copyDescriptions(folder, frozen);
    });
    return { folder: frozen, release };
  } catch (error) {
    await release();
    throw NO_LINKS.includes((error as NodeJS.ErrnoException).code ?? '') ? withoutLinks(error) : error;
  }
}

async function tablesOf(query: Query, database: string): Promise<string[]> {
  const found = await query<{ name: string }>(
    `SELECT name FROM system.tables WHERE database = {database:String} ORDER BY name != 'commits', name != 'rollups', name`,
    { database },
  );
  return found.map(({ name }) => name);
}

interface TableToFreeze {
  database: string;
  table: string;
  folder: string;
  frozen: string;
}

async function freezeTable(query: Query, { database, table, folder, frozen }: TableToFreeze): Promise<void> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const parts = await query<ActivePart>(
      'SELECT name, path FROM system.parts WHERE active AND database = {database:String} AND table = {table:String}',
      { database, table },
    );
    if (await linkParts(parts, folder, frozen)) return;
  }
  throw new MillraceError({
    code: 'store_unavailable',
    message: `The parts of ${database}.${table} change faster than they can be held. Try again.`,
  });
}

/** Whether all were still there; else none of them is kept. */
async function linkParts(parts: readonly ActivePart[], folder: string, frozen: string): Promise<boolean> {
  const made = new Set<string>();
  try {
    for (const { path } of parts) {
      const to = join(frozen, relative(folder, path));
      made.add(to);
      await linkFolder(path, to);
    }
    return true;
  } catch (error) {
    for (const path of made) await rm(path, { recursive: true, force: true });
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function linkFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkFolder(source, target);
    else await link(source, target);
  }
}

/** Copies the descriptions of the tables: small files that are replaced and never changed in place. */
async function copyDescriptions(folder: string, frozen: string): Promise<void> {
  await cp(join(folder, 'metadata'), join(frozen, 'metadata'), {
    recursive: true,
    filter: (_, to) => !to.includes(`${sep}metadata${sep}`) || to.endsWith('.sql'),
  });
  // Of a table in store/<three letters>/<its id>; what is further down are its parts.
  for (const near of await readdir(join(folder, 'store')))
    for (const table of await readdir(join(folder, 'store', near)))
      await copyTexts(join(folder, 'store', near, table), join(frozen, 'store', near, table));
}

async function copyTexts(from: string, to: string): Promise<void> {
  for (const name of await readdir(from)) {
    if (!name.endsWith('.sql') && name !== 'format_version.txt') continue;
    await mkdir(to, { recursive: true });
    await copyFile(join(from, name), join(to, name));
  }
}

const withoutLinks = (cause: unknown): MillraceError =>
  new MillraceError(
    {
      code: 'store_unavailable',
      message: `The file system of the Store has no hard links (${(cause as Error).message}), so it cannot be backed up while the process runs. Stop the process, then back up.`,
    },
    { cause },
  );
