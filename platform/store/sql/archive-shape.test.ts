import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import { openChdbConnection } from '../connection/chdb-connection.ts';
import type { Connection } from '../connection/engine-connection.ts';
import type { Store } from '../store.ts';
import { sampleEvent, sampleMetric, T0 } from '../testing/store-samples.ts';
import { createClickHouseStore } from './clickhouse-store.ts';

const DAY = 86_400_000;
/** Fixed columns, 32 sub-columns and 8 maps, each of a few streams, and a file of marks for each. */
const MOST_FILES = 500;
const COMPACT_FILES = 20;

let folder: string;
let connection: Connection;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-shape-'));
  connection = await openChdbConnection({ folder, memory: 1_500_000_000, sessions: 2 });
  store = createClickHouseStore(connection, { aggregateOf });
  await store.migrate();
});
afterEach(async () => {
  await store?.close();
  await rm(folder, { recursive: true, force: true });
});

interface Part {
  part_type: string;
  path: string;
  rows: number;
}
const parts = (): Promise<Part[]> =>
  connection.query<Part>(
    `SELECT part_type, path, rows FROM system.parts WHERE active AND table = 'archive'
     SETTINGS output_format_json_quote_64bit_integers = 0`,
  );
const files = (part: Part): number => readdirSync(part.path).length;
const descriptors = (): number => readdirSync('/proc/self/fd').length;

/** A name of its own each time: plain, as long as can be, dotted, of other scripts, in either case, of signs. */
function nameOf(n: number): string {
  const forms = [
    `n${n}`,
    `${n}`.padEnd(200, 'x'),
    `a.b${n}.c`,
    `名前${n}`,
    `Name${n}`,
    `NAME${n}`,
    `\`${n}'\n"\\%/..`,
  ];
  return forms[n % forms.length]!;
}

test('thousands of names over many days make neither files nor descriptors, and each can be read', async () => {
  const before = descriptors();
  let most = before;
  let n = 0;
  for (let batch = 0; batch < 4; batch++) {
    const rows = Array.from({ length: 500 }, (_, index) => {
      const own = Array.from({ length: 20 }, () => [nameOf(n), n++ % 3 === 0 ? `v${n}` : n]);
      const properties = { amount: index, Amount: -index, country: 'DE', ...Object.fromEntries(own) };
      return sampleEvent({ offset: batch, index, received: T0 + (index % 12) * DAY }, properties);
    });
    await store.insertEvents(rows);
    most = Math.max(most, descriptors());
  }
  expect(n).toBe(40_000);
  for (const part of await parts()) expect(files(part)).toBeLessThanOrEqual(COMPACT_FILES);
  await connection.command(`OPTIMIZE TABLE ${connection.tables.archive} FINAL`);
  most = Math.max(most, descriptors());
  expect(await parts()).toHaveLength(12);
  for (const part of await parts()) expect(files(part)).toBeLessThanOrEqual(COMPACT_FILES);
  // Files that a merge has replaced are open for a while.
  expect(most - before).toBeLessThan(12 * 4 * COMPACT_FILES);
  const sum = async (field: string) => {
    const metric = sampleMetric({ aggregate: { name: 'sum', field, args: [] } });
    const [row] = await store.runSqlFold({
      metric,
      version: 1,
      partition: 0,
      from: 0,
      before: 99,
      groups: 9,
    });
    return row?.state.nums[0];
  };
  expect([await sum('amount'), await sum('Amount')]).toEqual([4 * 124_750, -4 * 124_750]);
  for (let name = 1; name < 40_000; name += 5_801)
    if (name % 3 !== 0) expect(await sum(nameOf(name)), nameOf(name)).toBe(name + 1);
}, 240_000);

test('a large part has a bounded number of files, too', async () => {
  // What a part of 64 MB becomes, at once.
  await connection.command(
    `ALTER TABLE ${connection.tables.archive} MODIFY SETTING min_bytes_for_wide_part = 1`,
  );
  let n = 0;
  const rows = Array.from({ length: 2_000 }, (_, index) => {
    const own = Array.from({ length: 30 }, (_, i) => [i < 10 ? `steady${i}` : nameOf(n++), index]);
    return sampleEvent({ index }, Object.fromEntries(own));
  });
  await store.insertEvents(rows);
  await connection.command(`OPTIMIZE TABLE ${connection.tables.archive} FINAL`);
  const [part] = await parts();
  expect(part?.part_type).toBe('Wide');
  expect(files(part!)).toBeLessThanOrEqual(MOST_FILES);
}, 240_000);
