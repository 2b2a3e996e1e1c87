/**
 * The archive's table beside the one before it (a sub-column for each property name), on equal events in one run: rate of inserts, bytes an
 * event, files and descriptors, and the SQL fold over names that metrics use, results compared.
 * `node bench/archive-shape.bench.ts [events]` writes results/archive-shape.json.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aggregateOf } from '#aggregates/registry.ts';
import type { ArchiveRow } from '#contracts/log/rows.ts';
import { openChdbConnection } from '#platform/store/connection/chdb-connection.ts';
import type { Connection } from '#platform/store/connection/engine-connection.ts';
import { READ_SETTINGS } from '#platform/store/connection/statement-settings.ts';
import { EVENT_COLUMNS, eventValues } from '#platform/store/sql/clickhouse-rows.ts';
import { migrate } from '#platform/store/sql/migrations.ts';
import { foldedWhere, sqlFold } from '#platform/store/sql/sql-fold.ts';
import { sampleMetric } from '#platform/store/testing/store-samples.ts';
import { createRandom } from '../embedded/demo/traffic/seeded-random.ts';
import { EVENT_SHAPES, type EventShape } from './archive-events.ts';
import { rounded } from './median-of.ts';
import { scaled } from './smoke-scale.ts';
import { writeResult } from './write-result.ts';

const EVENTS = Number(process.argv[2] ?? scaled(200_000, 2_000));
const ROUNDS = scaled(5, 1);
const BATCH = scaled(10_000, 500);
const COUNTERPART = { archive: 'events', events: 'archive' } as const;
type Table = keyof typeof COUNTERPART;

interface Measured {
  insertsPerSecond: number;
  bytesPerEvent: number;
  filesOfAPart: number;
  descriptors: number;
}

const descriptors = async (): Promise<number> => (await readdir('/proc/self/fd')).length;

/** CPU of the whole process, ms: the machine is shared, and a clock would measure the others. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

function* batches({ share, make }: EventShape): Generator<ArchiveRow[]> {
  const random = createRandom(7);
  const day = Date.UTC(2026, 10, 23);
  for (let offset = 0; offset < (EVENTS * share) / BATCH; offset++) {
    yield Array.from({ length: BATCH }, (_, index) => ({
      part: 0,
      offset,
      index,
      block: `block-${offset}`,
      received: day + offset * 500,
      ts: day + offset * 500 + (index >> 5),
      watermark: day + offset * 500,
      id: `${offset}-${index}`,
      key: `user-${index % 997}`,
      event: 'order',
      properties: JSON.stringify(make(random)),
      imported: false,
    }));
  }
}

async function fill(connection: Connection, table: Table, shape: EventShape): Promise<Measured> {
  const name = connection.tables[table];
  const before = await descriptors();
  let cpu = 0;
  let events = 0;
  let most = 0;
  for (const rows of batches(shape)) {
    cpu += await cpuOf(() => connection.insert(name, EVENT_COLUMNS, rows.map(eventValues)));
    events += rows.length;
    most = Math.max(most, (await descriptors()) - before);
  }
  await connection.command(`OPTIMIZE TABLE ${name} FINAL`);
  const [part] = await connection.query<{ path: string; bytes: number }>(
    `SELECT path, bytes_on_disk AS bytes FROM system.parts WHERE active AND table = '${table}' ${READ_SETTINGS}`,
  );
  return {
    insertsPerSecond: Math.round((events * 1_000) / cpu),
    bytesPerEvent: rounded(part!.bytes / events, 1),
    filesOfAPart: (await readdir(part!.path)).length,
    descriptors: most,
  };
}

/** ms of CPU of the SQL fold over one table, the best of the rounds; the rounds of both tables in turn. */
async function read(connection: Connection, field: string): Promise<Record<Table, number>> {
  const metric = sampleMetric({ groupBy: ['country'], aggregate: { name: 'sum', field, args: [] } });
  const scope = {
    metric,
    rows: [{ partition: 0, where: foldedWhere({ from: 0, before: 1e9 }) }],
    groups: 100,
  };
  const best = { archive: Number.POSITIVE_INFINITY, events: Number.POSITIVE_INFINITY };
  const found = { archive: '', events: '' };
  for (let round = 0; round < ROUNDS; round++) {
    for (const table of ['archive', 'events'] as const) {
      const { sql, params } = sqlFold(scope, aggregateOf(metric.aggregate), {
        archive: connection.tables[table],
        events: `${connection.tables.database}.nothing`,
      });
      const run = async () => {
        found[table] = JSON.stringify(
          await connection.query(`SELECT * FROM (${sql}) ORDER BY pane, grp ${READ_SETTINGS}`, params),
        );
      };
      best[table] = Math.min(best[table], await cpuOf(run));
    }
  }
  if (found.archive !== found.events || found.archive === '') throw new Error(`${field}: other results`);
  return best;
}

async function compare(shape: EventShape): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-archive-'));
  const connection = await openChdbConnection({ folder, memory: 2_000_000_000, sessions: 3 });
  try {
    await migrate(connection);
    const { database, events } = connection.tables;
    await connection.command(`CREATE TABLE ${database}.nothing AS ${events}`);
    await connection.command(`ALTER TABLE ${events} ADD COLUMN imported UInt8 DEFAULT 0`);
    const now = await fill(connection, 'archive', shape);
    // The engine's own refusal is the result where there is one.
    const before = await fill(connection, 'events', shape).catch((error: Error) => error);
    if (before instanceof Error)
      return { shape: shape.name, now, before: { refused: before.message.slice(0, 120) } };
    const reads: Record<string, number> = {};
    for (const field of shape.fields) {
      const took = await read(connection, field);
      reads[`${field} ms`] = rounded(took.archive, 1);
      reads[`${field} ratio`] = rounded(took.archive / took.events);
    }
    const ratios = {
      inserts: rounded(now.insertsPerSecond / before.insertsPerSecond),
      bytes: rounded(now.bytesPerEvent / before.bytesPerEvent),
    };
    return { shape: shape.name, now, before, ratios, reads };
  } finally {
    await connection.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const rows = [];
for (const shape of EVENT_SHAPES) rows.push(await compare(shape));
await writeResult({
  name: 'archive-shape',
  what: "the archive's table beside the one before it, which had a sub-column for each property name",
  command: 'node bench/archive-shape.bench.ts',
  conditions: {
    events: EVENTS,
    batch: BATCH,
    rounds: `best of ${ROUNDS}, in turn`,
    figures:
      'inserts a second of CPU (all threads, merges meanwhile included); bytes and files of the one part after all merges; descriptors above those at the start; ms of CPU of the SQL fold, `sum(field) by country`, and its ratio to the table before',
    compared: 'results of the SQL fold over both tables',
  },
  rows,
});
