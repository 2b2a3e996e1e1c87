import { expect, it } from 'vitest';
import type { Connection } from './connection/engine-connection.ts';
import { migrate } from './sql/migrations.ts';
import { nameTables } from './tables.ts';

async function statementsOf(options: { database: string; cluster: string }): Promise<string[]> {
  const said: string[] = [];
  const connection: Connection = {
    tables: nameTables(options),
    query: async () => [],
    insert: async () => {},
    command: async (sql) => void said.push(sql),
    close: async () => {},
  };
  await migrate(connection);
  return said;
}

it('makes plain tables on a single server', async () => {
  const said = await statementsOf({ database: 'shop', cluster: '' });
  expect(said[0]).toBe('CREATE DATABASE IF NOT EXISTS shop');
  expect(said.filter((sql) => sql.startsWith('CREATE TABLE'))).toHaveLength(9);
  expect(said.join('\n')).not.toMatch(/millrace\.|ON CLUSTER|Replicated/);
});

it('makes replicated tables on every replica of a cluster', async () => {
  const said = await statementsOf({ database: 'millrace', cluster: 'main' });
  const created = said.filter((sql) => sql.startsWith('CREATE'));
  expect(created).toHaveLength(10);
  for (const sql of created)
    expect(sql).toMatch(/^CREATE (DATABASE|TABLE) IF NOT EXISTS \S+ ON CLUSTER main/);
  for (const sql of created.slice(1)) expect(sql).toMatch(/ENGINE = Replicated(Replacing)?MergeTree\(/);
});

it.each([
  [{ database: 'a b', cluster: '' }, 'MILLRACE_CLICKHOUSE_DATABASE'],
  [{ database: '', cluster: '' }, 'MILLRACE_CLICKHOUSE_DATABASE'],
  [{ database: 'x; DROP', cluster: '' }, 'MILLRACE_CLICKHOUSE_DATABASE'],
  [{ database: 'x', cluster: "main'" }, 'MILLRACE_CLICKHOUSE_CLUSTER'],
])('refuses %j', (options, field) => {
  expect(() => nameTables(options)).toThrow(expect.objectContaining({ code: 'invalid_settings', field }));
});
