import { cp, mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MillraceError } from '#contracts/errors.ts';
import { migrate } from '../sql/migrations.ts';
import { type ChdbConnection, openChdbConnection } from './chdb-connection.ts';
import { freezeTables } from './chdb-freeze.ts';
import { checkParts } from './check-parts.ts';

const DAY = 86_400_000;

let root: string;
const open: ChdbConnection[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'millrace-freeze-'));
});
afterEach(async () => {
  await closeAll();
  await rm(root, { recursive: true, force: true });
});

const folder = (): string => join(root, 'store');
async function closeAll(): Promise<void> {
  for (const connection of open.splice(0)) await connection.close();
}
async function connect(path = folder()): Promise<ChdbConnection> {
  const connection = await openChdbConnection({ folder: path, memory: 1_000_000_000, sessions: 2 });
  open.push(connection);
  return connection;
}
async function prepare(): Promise<ChdbConnection> {
  const connection = await connect();
  await migrate(connection);
  return connection;
}

/** Pane rows of three days, `count` each. */
const insert = (connection: ChdbConnection, first: number, count: number): Promise<void> =>
  connection.insert(
    'millrace.panes',
    ['metric', 'version', 'pane', 'grp', 'part', 'nums', 'keys', 'counts', 'next'],
    Array.from({ length: count * 3 }, (_, i) => [
      'hits',
      1,
      (i % 3) * DAY + first + Math.floor(i / 3),
      [],
      '0',
      [1],
      [],
      [],
      1,
    ]),
  );
const rows = async (connection: ChdbConnection): Promise<number> => {
  const [found] = await connection.query<{ n: number }>(
    'SELECT toUInt32(count()) AS n FROM millrace.panes FINAL',
  );
  return found!.n;
};
const partOf = async (connection: ChdbConnection, at = 0): Promise<string> => {
  const parts = await connection.query<{ path: string }>(
    "SELECT path FROM system.parts WHERE active AND database = 'millrace' AND table = 'panes' ORDER BY name",
  );
  return parts[at]!.path;
};

describe('a Store that is frozen while it is used', () => {
  it('opens from a copy as it was, deleted rows and all, whatever was dropped and merged since', async () => {
    const connection = await prepare();
    await insert(connection, 0, 100);
    await insert(connection, 100, 100);
    // As retention does it: a patch beside the parts.
    await connection.command(
      "DELETE FROM millrace.panes WHERE pane < 50 SETTINGS lightweight_delete_mode = 'lightweight_update'",
    );
    expect(await rows(connection)).toBe(550);
    const frozen = await freezeTables(connection, folder());
    await connection.command('ALTER TABLE millrace.panes DROP PARTITION 1');
    await insert(connection, 200, 100);
    await connection.command('OPTIMIZE TABLE millrace.panes FINAL');
    await cp(frozen.folder, join(root, 'copy'), { recursive: true });
    await frozen.release();
    expect(await readdir(join(folder(), 'shadow'))).toEqual([]);
    await closeAll();
    const copy = await connect(join(root, 'copy'));
    await migrate(copy);
    await checkParts(copy, join(root, 'copy'));
    expect(await rows(copy)).toBe(550);
    await insert(copy, 500, 1);
    expect(await rows(copy)).toBe(553);
  });

  it('is listed again if a part is dropped before it is linked', async () => {
    const connection = await prepare();
    await insert(connection, 0, 10);
    let looks = 0;
    const racing: ChdbConnection = {
      ...connection,
      betweenInserts: (work) =>
        connection.betweenInserts((query) =>
          work(async <T>(sql: string, params = {}): Promise<T[]> => {
            const found = await query<T>(sql, params);
            if (!sql.includes('system.parts') || looks++ > 0) return found;
            return [...found, { name: 'gone', path: join(folder(), 'store', 'gone') } as T];
          }),
        ),
    };
    const frozen = await freezeTables(racing, folder());
    expect(looks).toBeGreaterThan(1);
    await cp(frozen.folder, join(root, 'copy'), { recursive: true });
    await closeAll();
    expect(await rows(await connect(join(root, 'copy')))).toBe(30);
  });

  it('is frozen between two inserts, however many wait', async () => {
    const connection = await prepare();
    const inserts = Array.from({ length: 10 }, (_, i) => insert(connection, 10 * i, 10));
    const frozen = await freezeTables(connection, folder());
    await Promise.all(inserts);
    await cp(frozen.folder, join(root, 'copy'), { recursive: true });
    await closeAll();
    const found = await rows(await connect(join(root, 'copy')));
    expect(found % 30).toBe(0);
  });
});

describe('a Store that has lost something', () => {
  it('a part that was cut is reported, and not left out silently', async () => {
    const connection = await prepare();
    await insert(connection, 0, 10);
    const part = await partOf(connection);
    await closeAll();
    await truncate(join(part, 'data.bin'), 3);
    await expect(checkParts(await connect(), folder())).rejects.toMatchObject({ code: 'store_damaged' });
    await closeAll();
    // The engine has put it aside by now, and its rows are still not there.
    await expect(checkParts(await connect(), folder())).rejects.toMatchObject({ code: 'store_damaged' });
  });

  it('whatever file of a part is cut or gone: reported, or every row is there', async () => {
    const connection = await prepare();
    await insert(connection, 0, 10);
    const part = relative(folder(), await partOf(connection));
    await closeAll();
    let told = 0;
    for (const name of await readdir(join(folder(), part)))
      for (const damage of [rm, (path: string) => truncate(path, 1)]) {
        const copy = join(root, 'copy');
        await rm(copy, { recursive: true, force: true });
        await cp(folder(), copy, { recursive: true, verbatimSymlinks: true });
        await damage(join(copy, part, name));
        const damaged = await connect(copy);
        const outcome = await checkParts(damaged, copy).then(
          () => rows(damaged),
          (error: MillraceError) => error.code,
        );
        if (outcome === 'store_damaged') told++;
        else expect(outcome, name).toBe(30);
        await closeAll();
      }
    expect(told).toBeGreaterThan(10);
  });

  it.each(['panes', 'archive', 'commits', 'events', 'panes_minute', 'panes_hour', 'rollups'])(
    'its table %s is gone: told, and not made anew',
    async (name) => {
      const connection = await prepare();
      await connection.command(`DROP TABLE millrace.${name}`);
      await expect(migrate(connection)).rejects.toMatchObject({ code: 'store_damaged' });
    },
  );

  it('a whole one is taken', async () => {
    const connection = await prepare();
    await insert(connection, 0, 10);
    await closeAll();
    const again = await connect();
    await migrate(again);
    await checkParts(again, folder());
    expect(await rows(again)).toBe(30);
  });
});
