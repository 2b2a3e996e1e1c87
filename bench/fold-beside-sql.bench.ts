/**
 * Decode and fold of the live path beside ClickHouse's GROUP BY over the same NDJSON text, in one process and run,
 * one thread each, by the CPU time that each took. Every figure is of results that were compared: states equal to
 * the last bit, float sums but for the order of their additions, ClickHouse's own sketches within their error.
 * `node bench/fold-beside-sql.bench.ts [events] [rounds]` writes results/fold-beside-sql.json.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aggregateOf } from '#aggregates/registry.ts';
import type { PaneRow } from '#contracts/log/rows.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import { openChdbConnection } from '#platform/store/connection/chdb-connection.ts';
import type { Connection } from '#platform/store/connection/engine-connection.ts';
import { groupSql, loadSql, readMetrics } from './fold-sql.ts';
import { EVENTS_A_BLOCK, foldBlocks, foldToRows, makeBlocks, openFold, TEN_METRICS } from './fold-work.ts';
import { rounded } from './median-of.ts';
import { scaled } from './smoke-scale.ts';
import { writeResult } from './write-result.ts';

const EVENTS = Number(process.argv[2] ?? scaled(200_000, 2_000));
const ROUNDS = Number(process.argv[3] ?? scaled(5, 1));
/** Of a sketch of the engine's own, relative: quantilesDD promises 1 %, uniqCombined(14) has a standard error of 0.8 %. */
const SKETCH_ERROR = 0.03;

interface Row {
  pane: number;
  grp: string[];
  nums: number[];
  keys: number[];
  counts: number[];
}

/** `native`: ClickHouse's own sketches; `once`: each (key, id) counts once, as it does in the fold. */
interface Variant {
  native: boolean;
  once: boolean;
}
const VARIANTS = {
  sqlSameState: { native: false, once: false },
  sqlNativeSketches: { native: true, once: false },
  sqlNativeOnceAnId: { native: true, once: true },
} satisfies Record<string, Variant>;

const blocks = makeBlocks(Math.ceil(EVENTS / EVENTS_A_BLOCK));
const events = blocks.length * EVENTS_A_BLOCK;

/** Events a second of CPU, user and system of all threads; the best of the rounds, since noise only ever slows. */
async function measure(work: () => unknown): Promise<number> {
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    best = Math.max(best, (events * 1e6) / (user + system));
  }
  return Math.round(best);
}

const near = (a: number, b: number, error: number): boolean => Math.abs(a - b) <= error * Math.abs(b);
const nameOf = (pane: number, group: readonly string[]): string => JSON.stringify([pane, group]);

/** Throws where one engine's panes are not the other's. */
function compare(metric: Metric, rows: readonly Row[], expected: readonly PaneRow[], native: boolean): void {
  const aggregate = aggregateOf(metric.aggregate);
  const own = ['quantiles', 'distinct'].includes(metric.aggregate.name) && native;
  const found = new Map(rows.map((row) => [nameOf(row.pane, row.grp), row]));
  const fail = (why: string): never => {
    throw new Error(`${metric.id}, ${metric.aggregate.name}: ${why}`);
  };
  if (found.size !== expected.length || expected.length === 0)
    fail(`${found.size} panes by SQL, ${expected.length} by the fold`);
  for (const { pane, group, state } of expected) {
    const row = found.get(nameOf(pane, group)) ?? fail(`no pane ${nameOf(pane, group)}`);
    const wanted = own
      ? aggregate.value(aggregate.decode(state), metric.aggregate, metric.window)
      : state.nums;
    const error = own ? SKETCH_ERROR : 1e-9;
    const equal = wanted.length === row.nums.length && row.nums.every((n, i) => near(n, wanted[i]!, error));
    if (!equal) fail(`${row.nums} by SQL, ${wanted} by the fold`);
    const lists = JSON.stringify([row.keys, row.counts]) === JSON.stringify([state.keys, state.counts]);
    if (!own && !lists) fail(`other bins or hashes in ${nameOf(pane, group)}`);
  }
}

/** All metrics by SQL: one reads the text itself; several read it once into typed columns, which is faster for them. */
async function queryAll(connection: Connection, path: string, metrics: readonly Metric[], variant: Variant) {
  const [first] = metrics;
  const { native, once } = variant;
  if (metrics.length === 1 && !once) return [await connection.query<Row>(groupSql(first!, { path }, native))];
  await connection.command(loadSql(path, metrics, once));
  const results: Row[][] = [];
  for (const metric of metrics) results.push(await connection.query<Row>(groupSql(metric, 'parsed', native)));
  await connection.command('DROP TABLE parsed SYNC');
  return results;
}

async function measureSql(
  connection: Connection,
  path: string,
  metrics: readonly Metric[],
  variant: Variant,
) {
  const expected = foldToRows(TEN_METRICS.slice(0, metrics.length), blocks);
  const results = await queryAll(connection, path, metrics, variant);
  for (const [i, metric] of metrics.entries())
    compare(
      metric,
      results[i]!,
      expected.filter((row) => row.metric === metric.id),
      variant.native,
    );
  return measure(() => queryAll(connection, path, metrics, variant));
}

const folder = await mkdtemp(join(tmpdir(), 'millrace-fold-'));
try {
  const path = join(folder, 'events.ndjson');
  await writeFile(path, blocks.map((block) => `${Buffer.from(block.value).toString()}\n`).join(''));
  const counts = [1, 3, 10];
  const folds = new Map<number, number>();
  for (const count of counts)
    folds.set(count, await measure(() => foldBlocks(openFold(TEN_METRICS.slice(0, count)), blocks)));
  const connection = await openChdbConnection({
    folder: join(folder, 'engine'),
    memory: 1_500_000_000,
    sessions: 2,
  });
  const results = [];
  for (const count of counts) {
    const metrics = readMetrics(TEN_METRICS.slice(0, count));
    const fold = folds.get(count)!;
    const sql = {} as Record<keyof typeof VARIANTS, number>;
    for (const [name, variant] of Object.entries(VARIANTS))
      sql[name as keyof typeof VARIANTS] = await measureSql(connection, path, metrics, variant);
    const to = (rate: number): number => rounded(fold / rate);
    const plain = Math.max(sql.sqlSameState, sql.sqlNativeSketches);
    results.push({
      metrics: count,
      fold,
      ...sql,
      ratio: to(plain),
      ratioOnceAnId: to(sql.sqlNativeOnceAnId),
    });
  }
  const [{ version }] = (await connection.query<{ version: string }>('SELECT version() AS version')) as [
    { version: string },
  ];
  await connection.close();
  await writeResult({
    name: 'fold-beside-sql',
    what: 'decode and fold of the live path beside the GROUP BY of ClickHouse over the same NDJSON text',
    command: 'node bench/fold-beside-sql.bench.ts',
    conditions: {
      events,
      bytesPerEvent: Math.round(blocks[0]!.value.length / EVENTS_A_BLOCK),
      rounds: ROUNDS,
      clickhouse: version,
      figures:
        'events a second of CPU (user and system, all threads), best round; ratio to the faster SQL, ratioOnceAnId to the one that counts an id once as the fold does',
      fold: 'all that an owner does: decode, de-duplication, archive rows, panes, publication and flush, without IO',
      sql: 'one thread, only the needed properties declared; several metrics read one table that one pass over the text has filled; nothing is archived',
      compared: 'panes of both engines in this run, before each was measured',
    },
    rows: results,
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
