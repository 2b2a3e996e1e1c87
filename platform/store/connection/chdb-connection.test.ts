import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from '../sql/migrations.ts';
import { openChdbConnection } from './chdb-connection.ts';
import type { Connection } from './engine-connection.ts';

let folder: string;
let open: Connection[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-chdb-'));
});
afterEach(async () => {
  for (const connection of open) await connection.close();
  open = [];
  await rm(folder, { recursive: true, force: true });
});

async function connect(): Promise<Connection> {
  const connection = await openChdbConnection({ folder, memory: 1_000_000_000, sessions: 2 });
  open.push(connection);
  return connection;
}

test('data survives closing and opening; a closed connection says so', async () => {
  const first = await connect();
  await migrate(first);
  const text = `{"\n\nSELECT 1": "'"}\n\nDROP DATABASE millrace;`;
  await first.insert('millrace.commits', ['part', 'next', 'identity', 'facts'], [[1, 2, text, text]]);
  await first.close();
  await expect(first.query('SELECT 1')).rejects.toMatchObject({ code: 'store_unavailable' });
  const second = await connect();
  expect(await second.query('SELECT * FROM millrace.commits')).toEqual([
    { part: 1, next: 2, identity: text, facts: text },
  ]);
});

test('a newer schema is refused', async () => {
  const connection = await connect();
  await migrate(connection);
  await connection.command('INSERT INTO millrace.schema SELECT 999');
  await expect(migrate(connection)).rejects.toMatchObject({ code: 'unsupported_format' });
});

test('a wrong statement is internal, with the engine’s own text, and the session goes on', async () => {
  const connection = await connect();
  await expect(connection.query('SELECT no_such_column')).rejects.toMatchObject({
    code: 'internal',
    message: expect.stringContaining('no_such_column'),
  });
  expect(await connection.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a process ends when it is told to, whatever statement goes on', async () => {
  const script = `
    import { openChdbConnection } from ${JSON.stringify(new URL('./chdb-connection.ts', import.meta.url).href)};
    const connection = await openChdbConnection({ folder: ${JSON.stringify(folder)}, memory: 1e9, sessions: 3 });
    const endless = 'SELECT sum(sipHash64(number, toString(number))) FROM numbers(100000000000) SETTINGS max_threads = 1';
    connection.query(endless).catch(() => {});
    await connection.query('SELECT 1');
    process.once('exit', () => console.log('last words'));
    const code = await connection.close().then(() => 'closed', (error) => error.code);
    console.log(code);
    process.exit(7);`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: import.meta.dirname,
  });
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  expect(said).toBe('store_unavailable\nlast words\n');
  expect(code).toBe(7);
}, 60_000);

test('a folder that another process works in is refused, and free once that has gone', async () => {
  const script = `
    import { openChdbConnection } from ${JSON.stringify(new URL('./chdb-connection.ts', import.meta.url).href)};
    await openChdbConnection({ folder: ${JSON.stringify(folder)}, memory: 1e9, sessions: 2 });
    process.stdout.write('open');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: import.meta.dirname,
  });
  const exit = once(child, 'exit');
  try {
    await Promise.race([
      once(child.stdout, 'data'),
      exit.then(() => Promise.reject(new Error('the other process ended'))),
    ]);
    await expect(connect()).rejects.toMatchObject({
      code: 'data_folder_in_use',
      message: expect.stringContaining(folder),
    });
  } finally {
    child.kill('SIGKILL');
    await exit;
  }
  const connection = await connect();
  expect(await connection.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});
