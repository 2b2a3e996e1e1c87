/**
 * Reading archived events: 10 million of them over 30 days, of 5,000 keys, read by the Store of this process. The newest page, pages by key,
 * id, position and filter, an explained window with its first page, and what differs in it, each warm, beside a reference: reading one
 * column of the whole archive. `node bench/events.bench.ts [--events 10000000] [--rounds 9]` writes results/events.json.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { aggregateOf } from '#aggregates/registry.ts';
import type { Filter } from '#contracts/filter/filter.ts';
import { parseWhere } from '#contracts/filter/where.ts';
import type { CommitRow } from '#contracts/log/rows.ts';
import { DAY, HOUR, MINUTE } from '#contracts/text/duration.ts';
import { compareCells } from '#gateway/routes/explain/compare-cells.ts';
import { explainCell } from '#gateway/routes/explain/explain-cell.ts';
import { createPagedCells } from '#gateway/routes/explain/paged-cells.ts';
import { openChdbConnection } from '#platform/store/connection/chdb-connection.ts';
import { INSERT_SETTINGS_TEXT, READER_SETTINGS } from '#platform/store/connection/statement-settings.ts';
import type { EventQuery } from '#platform/store/event-query.ts';
import { createClickHouseStore } from '#platform/store/sql/clickhouse-store.ts';
import { sampleCommit, sampleMetric } from '#platform/store/testing/store-samples.ts';
import { PROPERTIES_SQL, VISIT } from './history/visits.ts';
import { median, rounded } from './median-of.ts';
import { scaled } from './smoke-scale.ts';
import { writeResult } from './write-result.ts';

const { values: options } = parseArgs({
  options: {
    events: { type: 'string', default: scaled('10000000', '20000') },
    rounds: { type: 'string', default: scaled('9', '1') },
  },
});
const EVENTS = Number(options.events);
const ROUNDS = Number(options.rounds);
const DAYS = 30;
const PARTITIONS = 4;
const KEYS = 5_000;
/** Events of a block, and rows of a statement. */
const BLOCK = 500;
const CHUNK = 1_000_000;
const MEMORY = 4_000_000_000;

const END = Math.floor(Date.now() / HOUR) * HOUR;
const START = END - DAYS * DAY;
const metric = sampleMetric({
  id: 'visits',
  events: [VISIT],
  groupBy: ['group'],
  pane: MINUTE,
  window: HOUR,
});
const known = { version: 1, metric, aggregate: aggregateOf(metric.aggregate) };

const folder = await mkdtemp(join(tmpdir(), 'millrace-events-'));
const connection = await openChdbConnection({ folder, memory: MEMORY, sessions: 2 });
const store = createClickHouseStore(connection, { aggregateOf });

async function fill(): Promise<void> {
  await store.migrate();
  const { archive } = connection.tables;
  for (let first = 0; first < EVENTS; first += CHUNK) {
    const count = Math.min(CHUNK, EVENTS - first);
    await connection.command(
      `INSERT INTO ${archive} (part, offset, \`index\`, block, received, ts, watermark, id, key, event, properties)
       ${INSERT_SETTINGS_TEXT}
       SELECT cityHash64(intDiv(number, ${BLOCK})) % ${PARTITIONS}, intDiv(number, ${BLOCK}), number % ${BLOCK}, 'block', ts, ts, ts,
         concat('i', toString(number)), concat('u', toString(cityHash64(number, 4) % ${KEYS})), '${VISIT}', ${PROPERTIES_SQL}
       FROM (SELECT number, ${START} + intDiv(number * ${DAYS * DAY}, ${EVENTS}) AS ts FROM numbers(${first}, ${count}))`,
    );
  }
  await store.insertCommits(Array.from({ length: PARTITIONS }, (_, part) => commitOf(part)));
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, before: EVENTS }));
  await store.backfill({ metric, version: 1, groups: 2_000, partitions });
}

/** Everything came before the metric, and is filled in. */
function commitOf(part: number): CommitRow {
  const commit = sampleCommit(part, EVENTS);
  const active = { metric: metric.id, version: 1, activation: EVENTS, definition: {}, backfilled: true };
  return { ...commit, facts: { ...commit.facts, active: [active] } };
}

const where = (text: string): Filter[] => {
  const read = parseWhere(text);
  if (!read.ok) throw new Error(read.fault.message);
  return read.value;
};
const page = (over: Partial<EventQuery>) => async (): Promise<number> => {
  const { events } = await store.readEvents({ where: [], limit: 100, rows: 500_000, ...over });
  return events.length;
};
const first = { limit: 100, before: undefined };
const deps = { store, mustGoOn() {}, paged: createPagedCells() };
const window = { from: END - 10 * DAY, to: END - 10 * DAY + HOUR };
const middle = Math.floor(EVENTS / 2);

/** Where the second page of the hour begins; asked for once. */
let next: EventQuery['before'];
async function nextOf(): Promise<{ limit: number; before: EventQuery['before'] }> {
  next ??= (await explainCell(known, { ...window, where: [] }, first, deps)).page.next ?? undefined;
  return { limit: first.limit, before: next };
}

const READS: Readonly<Record<string, () => Promise<number>>> = {
  'newest page': page({}),
  'page of a key': page({ key: 'u42' }),
  'one id': page({ id: `i${middle}` }),
  'page of a filter': page({ where: where('group = g7 and ms > 100') }),
  'explain an hour': async () =>
    (await explainCell(known, { ...window, where: [] }, first, deps)).facts.count,
  'another page of an hour': async () => {
    const { events } = (await explainCell(known, { ...window, where: [] }, await nextOf(), deps)).page;
    return events.length;
  },
  'explain a group of an hour': async () => {
    const cells = { ...window, where: where('group = g7') };
    return (await explainCell(known, cells, first, deps)).facts.count;
  },
  'what differs in an hour': async () =>
    (await compareCells(known, { ...window, where: [] }, deps)).values.length,
};

/** CPU of the process, and the time that passed, ms. */
async function measure(work: () => Promise<number>): Promise<{ ms: number; cpuMs: number; found: number }> {
  const begun = performance.now();
  const cpu = process.cpuUsage();
  const found = await work();
  const { user, system } = process.cpuUsage(cpu);
  return { ms: performance.now() - begun, cpuMs: (user + system) / 1_000, found };
}

async function reference(): Promise<number> {
  const sql = `SELECT max(ts + 1) AS ts FROM ${connection.tables.archive} ${READER_SETTINGS}`;
  return (await connection.query<{ ts: number }>(sql)).length;
}

async function measureAll(): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (const [read, work] of Object.entries(READS)) {
    await work();
    await reference();
    const [own, theirs] = [[], []] as { ms: number; cpuMs: number; found: number }[][];
    // In turn, so that what else the machine does is in both.
    for (let round = 0; round < ROUNDS; round++) {
      own!.push(await measure(work));
      theirs!.push(await measure(reference));
    }
    const of = (list: readonly { ms: number; cpuMs: number }[], name: 'ms' | 'cpuMs'): number =>
      rounded(median(list.map((one) => one[name])), 1);
    const [ms, cpuMs, referenceMs] = [of(own!, 'ms'), of(own!, 'cpuMs'), of(theirs!, 'ms')];
    rows.push({
      ...{ read, found: own!.at(-1)!.found, ms, cpuMs, referenceMs },
      ratio: rounded(ms / referenceMs),
    });
    console.log(JSON.stringify(rows.at(-1)));
  }
  return rows;
}

try {
  await fill();
  await writeResult({
    name: 'events',
    what: 'reads of archived events, warm: time and CPU of the process, beside reading one column of the whole archive in the same run',
    command: 'node bench/events.bench.ts',
    conditions: {
      events: EVENTS,
      days: DAYS,
      keys: KEYS,
      partitions: PARTITIONS,
      rounds: ROUNDS,
      limit: 100,
    },
    rows: await measureAll(),
  });
} finally {
  await store.close();
  await rm(folder, { recursive: true, force: true });
}
