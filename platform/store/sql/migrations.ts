import { MillraceError } from '#contracts/errors.ts';
import { DAY } from '#contracts/text/duration.ts';
import type { Connection } from '../connection/engine-connection.ts';
import { INSERT_SETTINGS_TEXT, READ_SETTINGS } from '../connection/statement-settings.ts';
import type { Tables } from '../tables.ts';

/** An acknowledged insert is on disk, and not lost with the power. */
const DURABLE = 'fsync_after_insert = 1, fsync_part_directory = 1';
/** What a DELETE as a patch needs (store-retention.ts). */
const PATCHED = 'enable_block_number_column = 1, enable_block_offset_column = 1';
/**
 * Bounds what the senders' property names can cost, however many there are: in each part the most frequent names have
 * sub-columns of their own, all others share a few maps, chosen by the name's hash. A value is always a text, so one type a name. Parts are one
 * file until they are large; larger granules make up for what reading one column of such a file costs.
 */
const PROPERTIES = 'JSON(max_dynamic_paths = 32, max_dynamic_types = 1)';
const SHAPED = [
  "object_serialization_version = 'v3'",
  "object_shared_data_serialization_version = 'map_with_buckets'",
  "object_shared_data_serialization_version_for_zero_level_parts = 'map_with_buckets'",
  'object_shared_data_buckets_for_compact_part = 8',
  'object_shared_data_buckets_for_wide_part = 8',
  'min_bytes_for_wide_part = 67108864',
  'min_rows_for_wide_part = 0',
  'index_granularity = 32768',
].join(', ');

/**
 * Steps of the schema, oldest first; the version is the number of steps done. A step that has been released is
 * never changed. Each may be run again after a crash between the step and its record.
 */
const STEPS: readonly ((tables: Tables) => readonly string[])[] = [
  ({ panes, events, commits, onCluster, engine }) => [
    `CREATE TABLE IF NOT EXISTS ${panes}${onCluster} (
      metric LowCardinality(String), version UInt64, pane Int64, grp Array(String), part LowCardinality(String),
      nums Array(Float64), keys Array(UInt32), counts Array(UInt64), next UInt64
    ) ENGINE = ${engine('ReplacingMergeTree', 'next')} PARTITION BY intDiv(pane, ${DAY})
    ORDER BY (metric, version, pane, grp, part) SETTINGS ${DURABLE}, ${PATCHED}`,
    `CREATE TABLE IF NOT EXISTS ${events}${onCluster} (
      part UInt32, offset UInt64, \`index\` UInt32, block String, received Int64, ts Int64, watermark Nullable(Int64),
      id Nullable(String), key Nullable(String), event LowCardinality(String), properties JSON
    ) ENGINE = ${engine('ReplacingMergeTree')} PARTITION BY intDiv(received, ${DAY})
    ORDER BY (part, offset, \`index\`) SETTINGS ${DURABLE}, ${PATCHED}`,
    `CREATE TABLE IF NOT EXISTS ${commits}${onCluster} (
      part UInt32, next UInt64, identity String, facts String CODEC(ZSTD(1))
    ) ENGINE = ${engine('ReplacingMergeTree', 'next')} ORDER BY part SETTINGS ${DURABLE}`,
  ],
  // Older rows stay in `events` until their retention is over: a start never converts them.
  ({ archive, onCluster, engine }) => [
    `CREATE TABLE IF NOT EXISTS ${archive}${onCluster} (
      part UInt32, offset UInt64, \`index\` UInt32, block String, received Int64, ts Int64, watermark Nullable(Int64),
      id Nullable(String), key Nullable(String), event LowCardinality(String), properties ${PROPERTIES}
    ) ENGINE = ${engine('ReplacingMergeTree')} PARTITION BY intDiv(received, ${DAY})
    ORDER BY (part, offset, \`index\`) SETTINGS ${DURABLE}, ${PATCHED}, ${SHAPED}`,
  ],
  // Empty at first: what the panes of an older Store hold is rolled up later, beside the work.
  (tables) => [
    createCoarse(tables, tables.panesMinute, 7 * DAY),
    createCoarse(tables, tables.panesHour, 90 * DAY),
    `CREATE TABLE IF NOT EXISTS ${tables.rollUps}${tables.onCluster} (
      metric LowCardinality(String), version UInt64, part UInt32, tier UInt32, upto Int64
    ) ENGINE = ${tables.engine('ReplacingMergeTree', 'upto')} ORDER BY (metric, version, part, tier) SETTINGS ${DURABLE}, ${PATCHED}`,
    // Who reads tiers asks for the panes of partitions that have no mark. Older parts get it when they are merged.
    `ALTER TABLE ${tables.panes}${tables.onCluster} ADD INDEX IF NOT EXISTS source part TYPE set(1000) GRANULARITY 8`,
  ],
  // Whether an event is history that was imported; what was stored before is not.
  ({ archive, onCluster }) => [
    `ALTER TABLE ${archive}${onCluster} ADD COLUMN IF NOT EXISTS imported UInt8 DEFAULT 0`,
  ],
  // For who looks for events: by time, which is no part of the key, and by id or key. Older parts get them when they are merged.
  ({ archive, onCluster }) => [
    `ALTER TABLE ${archive}${onCluster} ADD INDEX IF NOT EXISTS times ts TYPE minmax GRANULARITY 1`,
    `ALTER TABLE ${archive}${onCluster} ADD INDEX IF NOT EXISTS names (id, key) TYPE bloom_filter(0.01) GRANULARITY 1`,
  ],
  ({ keyUses, onCluster, engine }) => [
    `CREATE TABLE IF NOT EXISTS ${keyUses}${onCluster} (
      key String, used Int64
    ) ENGINE = ${engine('ReplacingMergeTree', 'used')} ORDER BY key SETTINGS ${DURABLE}`,
  ],
];

/** A table of coarse panes, which has few rows a day: `span` ms of them are together. */
const createCoarse = ({ onCluster, engine }: Tables, name: string, span: number): string =>
  `CREATE TABLE IF NOT EXISTS ${name}${onCluster} (
    metric LowCardinality(String), version UInt64, pane Int64, grp Array(String), part LowCardinality(String),
    nums Array(Float64), keys Array(UInt32), counts Array(UInt64), next UInt64
  ) ENGINE = ${engine('ReplacingMergeTree', 'next')} PARTITION BY intDiv(pane, ${span})
  ORDER BY (metric, version, pane, grp, part) SETTINGS ${DURABLE}, ${PATCHED}`;

/** The tables that each step makes. */
const MADE: readonly (readonly Exclude<keyof Tables, 'database' | 'schema' | 'onCluster' | 'engine'>[])[] = [
  ['panes', 'events', 'commits'],
  ['archive'],
  ['panesMinute', 'panesHour', 'rollUps'],
  [],
  [],
  ['keyUses'],
];

/** The newest version. */
export const SCHEMA_VERSION = STEPS.length;

/** Brings the tables to the newest version, each step once, or as far as `last`. Refuses a newer one (`unsupported_format`), and one that has lost a table (`store_damaged`). */
export async function migrate(connection: Connection, last = SCHEMA_VERSION): Promise<void> {
  const { tables } = connection;
  const { database, schema, onCluster, engine } = tables;
  await connection.command(`CREATE DATABASE IF NOT EXISTS ${database}${onCluster}`);
  await connection.command(
    `CREATE TABLE IF NOT EXISTS ${schema}${onCluster} (version UInt32) ENGINE = ${engine('MergeTree')} ORDER BY version SETTINGS ${DURABLE}`,
  );
  const [found] = await connection.query<{ version: number }>(
    `SELECT max(version) AS version FROM ${schema} ${READ_SETTINGS}`,
  );
  const version = found?.version ?? 0;
  if (version > SCHEMA_VERSION) {
    throw new MillraceError({
      code: 'unsupported_format',
      message: `The Store has schema version ${version}; this Millrace knows versions up to ${SCHEMA_VERSION}.`,
    });
  }
  await checkTables(connection, version);
  for (let step = version; step < last; step++) {
    for (const sql of STEPS[step]!(tables)) await connection.command(sql);
    await connection.command(`INSERT INTO ${schema} ${INSERT_SETTINGS_TEXT} SELECT {version:UInt32}`, {
      version: step + 1,
    });
  }
}

/** A Store that says it has come so far and lacks a table has lost it: an empty one in its place would hide that. */
async function checkTables({ tables, query }: Connection, version: number): Promise<void> {
  const found = await query<{ name: string }>(
    `SELECT name FROM system.tables WHERE database = {database:String} ${READ_SETTINGS}`,
    { database: tables.database },
  );
  const names = new Set(found.map(({ name }) => `${tables.database}.${name}`));
  const lost = MADE.slice(0, version)
    .flat()
    .find((table) => !names.has(tables[table]));
  if (lost === undefined) return;
  throw new MillraceError({
    code: 'store_damaged',
    message: `The Store has lost its table ${tables[lost]}, which its schema still lists.`,
  });
}
