import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import type { EventPosition } from '#contracts/event/event-position.ts';
import type { ArchiveRow } from '#contracts/log/rows.ts';
import { openChdbConnection } from '../connection/chdb-connection.ts';
import type { Connection } from '../connection/engine-connection.ts';
import { createMemoryStore } from '../memory/memory-store.ts';
import type { SqlFoldScope, Store } from '../store.ts';
import { byText, sampleCommit, sampleEvent, sampleMetric, samplePane, T0 } from '../testing/store-samples.ts';
import { EVENT_COLUMNS, eventValues } from './clickhouse-rows.ts';
import { createClickHouseStore } from './clickhouse-store.ts';
import { migrate } from './migrations.ts';

const DAY = 86_400_000;
const PLACES = ['DE', 'FR', "it's", '日本', '__other__'];

let folder: string;
let connection: Connection;
let store: Store;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-older-'));
  connection = await openChdbConnection({ folder, memory: 1_000_000_000, sessions: 2 });
  store = createClickHouseStore(connection, { aggregateOf });
});
afterAll(async () => {
  await store?.close();
  await rm(folder, { recursive: true, force: true });
});

const event = (part: number, offset: number, index: number): ArchiveRow =>
  sampleEvent(
    {
      part,
      offset,
      index,
      ts: T0 + offset * 400 + index,
      received: T0 + (offset >> 3) * DAY,
      watermark: offset === 0 ? null : T0 + offset * 400 - 1,
      id: index % 2 === 0 ? `${offset}-${index}` : null,
    },
    { amount: offset + index / 10, country: PLACES[(offset + index) % PLACES.length], deep: { x: index } },
  );
const block = (part: number, offset: number) => [0, 1, 2, 3].map((index) => event(part, offset, index));

/** As it was stored before there was a column for imports. */
const insertOlder = (rows: readonly ArchiveRow[]): Promise<void> =>
  connection.insert(
    connection.tables.events,
    EVENT_COLUMNS.filter((name) => name !== 'imported'),
    rows.map((row) => eventValues(row).slice(0, -1)),
  );

const METRICS = [
  sampleMetric({ groupBy: ['country'] }),
  sampleMetric({ aggregate: { name: 'sum', field: 'amount', args: [] }, groupBy: ['deep.x'] }),
  sampleMetric({
    aggregate: { name: 'distinct', field: 'country', args: [] },
    where: [{ path: 'amount', op: 'gt', value: 3 }],
  }),
];

/** The newest schema where the step before it was recorded, with what was stored then in its table. */
test('events that were stored before the archive had its shape count like any other, each once', async () => {
  await migrate(connection, 1);
  const older = [0, 1].flatMap((part) => Array.from({ length: 20 }, (_, at) => block(part, at)).flat());
  await insertOlder(older);
  await store.insertPanes([samplePane()]);
  await store.insertCommits([sampleCommit(0, 15)]);
  // A crash between a step and its record: the step runs again.
  await migrate(connection);
  await connection.command(
    `ALTER TABLE ${connection.tables.schema} DELETE WHERE version >= 2 SETTINGS mutations_sync = 1`,
  );
  await migrate(connection);
  expect(await store.readCommits()).toEqual([sampleCommit(0, 15)]);
  expect(await store.readPanes({ metric: 'orders', version: 1, from: 0, to: T0 * 2 })).toEqual([
    samplePane(),
  ]);

  // What was above the commit is folded and stored again, and more comes.
  const newer = Array.from({ length: 15 }, (_, at) => block(0, 15 + at)).flat();
  await store.insertEvents(newer);
  const reference = createMemoryStore({ aggregateOf });
  await reference.insertEvents(older);
  await reference.insertEvents(newer);
  expect(await store.countEvents()).toBe(await reference.countEvents());
  for (const partition of [0, 1]) {
    for (const [from, before] of [
      [0, 99],
      [10, 18],
      [18, 99],
      [0, 5],
    ] as const) {
      for (const metric of METRICS) {
        const scope: SqlFoldScope = { metric, version: 1, partition, from, before, groups: 3 };
        expect(byText(await store.runSqlFold(scope))).toEqual(byText(await reference.runSqlFold(scope)));
      }
    }
    for (const [before, after, limit] of [
      [99, 0, 1_000],
      [99, 0, 25],
      [17, T0 + 300, 10],
    ] as const)
      expect(await store.readIds(partition, before, after, limit)).toEqual(
        await reference.readIds(partition, before, after, limit),
      );
  }
  expect(await store.hasEventsBeside('1')).toBe(true);
  for (const limit of [7, 1_000])
    expect(await readPages(store, limit)).toEqual(await readPages(reference, limit));
});

async function readPages(from: Store, limit: number): Promise<object[]> {
  const found: object[] = [];
  const where = [{ path: 'amount', op: 'gt', value: 3 } as const];
  for (let before: EventPosition | undefined; ; ) {
    const { events, next } = await from.readEvents({ where, limit, rows: 1_000_000, before });
    found.push(...events.map((row) => ({ ...row, properties: JSON.parse(row.properties) as object })));
    if (next === null) return found;
    before = next;
  }
}

test('their retention goes on, in both tables', async () => {
  await store.expire({ panes: [], gone: [], eventsBefore: T0 + 2 * DAY });
  const [left] = await connection.query<{ older: number; newer: number }>(
    `SELECT (SELECT count() FROM ${connection.tables.events}) AS older, (SELECT count() FROM ${connection.tables.archive}) AS newer
     SETTINGS output_format_json_quote_64bit_integers = 0`,
  );
  // Offsets 16 to 19 of both partitions; 16 to 29 of one.
  expect(left).toEqual({ older: 2 * 4 * 4, newer: 14 * 4 });
});
