import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import type { MillraceError } from '#contracts/errors.ts';
import { createHttpConnection } from '../connection/http-connection.ts';
import { openServerStore } from '../open-store.ts';
import { storeConformance } from '../store.conformance.ts';
import { startClickHouseDouble } from '../testing/clickhouse-http-double.ts';

let url = '';
const serverAt = (at: string) => ({ url: at, user: '', password: '', database: 'shop', cluster: '' });

storeConformance(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-store-'));
  const double = await startClickHouseDouble(folder);
  url = double.url;
  const store = openServerStore(serverAt(url), { aggregateOf });
  return {
    store,
    async end() {
      await store.close();
      await double.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});

test('a wrong statement is internal, a server that is away store_unavailable', async () => {
  const connection = createHttpConnection(serverAt(url));
  await expect(connection.query('SELECT no_such_column')).rejects.toMatchObject({ code: 'internal' });
  await expect(connection.command('SELEC 1')).rejects.toMatchObject({ code: 'internal' });
  await connection.close();
  const nobody = createHttpConnection(serverAt('http://127.0.0.1:1'));
  await expect(nobody.query('SELECT 1')).rejects.toMatchObject({ code: 'store_unavailable' });
  await nobody.close();
});

test('a server that takes calls and never answers is given up, a back-fill later than a read', async () => {
  const silent = createServer((socket) => socket.on('error', () => {}).resume());
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
  const { port } = silent.address() as AddressInfo;
  const connection = createHttpConnection(serverAt(`http://127.0.0.1:${port}`), { call: 50, command: 400 });
  const ended: string[] = [];
  const note = (name: string) => (error: MillraceError) => void ended.push(`${name} ${error.code}`);
  await Promise.all([
    connection.command('INSERT INTO a SELECT 1').catch(note('command')),
    connection.query('SELECT 1').catch(note('query')),
  ]);
  expect(ended).toEqual(['query store_unavailable', 'command store_unavailable']);
  await connection.close();
  await new Promise((closed) => silent.close(closed));
});

test.each([
  'tcp://me:hunter2@clickhouse:9000',
  'clickhouse://hunter2@clickhouse',
  'http//me:hunter2@clickhouse:8123',
  'https://me:hunter2@click house',
  'http:me:hunter2@clickhouse',
  'hunter2',
])('shows no password of an address that it refuses: %s', (at) => {
  const refused = { code: 'invalid_settings', message: expect.not.stringContaining('hunter2') };
  expect(() => createHttpConnection(serverAt(at))).toThrow(expect.objectContaining(refused));
});

test.each(['', 'clickhouse:8123', 'tcp://127.0.0.1:9000'])('refuses the address %j', (at) => {
  expect(() => createHttpConnection(serverAt(at))).toThrow(
    expect.objectContaining({ code: 'invalid_settings', field: 'MILLRACE_CLICKHOUSE_URL' }),
  );
});
