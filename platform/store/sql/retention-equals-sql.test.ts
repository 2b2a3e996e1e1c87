import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MOST_KEYS } from '#aggregates/keys/key-sample.ts';
import { aggregateOf } from '#aggregates/registry.ts';
import { foldInputs } from '#aggregates/testing/law-inputs.ts';
import { DAY } from '#contracts/text/duration.ts';
import { openChdbConnection } from '../connection/chdb-connection.ts';
import type { Connection } from '../connection/engine-connection.ts';
import { createMemoryStore } from '../memory/memory-store.ts';
import { mergeInSql, reduceInSql } from '../testing/merge-in-sql.ts';
import { sampleEvent, sampleMetric, T0 } from '../testing/store-samples.ts';
import { createClickHouseStore } from './clickhouse-store.ts';

const CALL = { name: 'retention', field: null, args: [2], spans: [DAY] };
const retention = aggregateOf(CALL);

let folder: string;
let connection: Connection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-retention-'));
  connection = await openChdbConnection({ folder, memory: 1_000_000_000, sessions: 1 });
});
afterAll(async () => {
  await connection?.close();
  await rm(folder, { recursive: true, force: true });
});

/** More keys than are kept, on some days. */
function statesOf(from: number): unknown {
  const inputs = Array.from({ length: 6_000 }, (_, i) => ({
    value: `key ${from + (i % 3_000)}`,
    at: { ts: T0 + (i % 4) * DAY, part: 0, offset: i, index: 0 },
  }));
  return foldInputs(retention, inputs);
}

test('samples of keys are merged and reduced in SQL as in plain code', async () => {
  const states = [...[0, 1_500, 90_000].map(statesOf), retention.create()];
  for (const some of [states, states.slice(0, 1), states.slice(2), states.slice(3)]) {
    const merged = retention.create();
    for (const state of some) retention.merge(merged, state);
    const rows = some.map((state) => retention.encode(state));
    expect(await mergeInSql(connection, retention, rows)).toEqual(retention.encode(merged));
    const reduced = retention.reduced!.of(merged, CALL);
    expect(await reduceInSql(connection, retention, CALL, rows)).toEqual(reduced);
  }
});

test('the SQL fold of more keys than are kept is what the fold keeps', async () => {
  const store = createClickHouseStore(connection, { aggregateOf });
  await store.migrate();
  const reference = createMemoryStore({ aggregateOf });
  const events = Array.from({ length: 3_000 }, (_, index) => sampleEvent({ index, key: `key ${index}` }));
  const metric = sampleMetric({ aggregate: CALL });
  const scope = { metric, version: 1, partition: 0, from: 0, before: 9, groups: 9 };
  await Promise.all([store.insertEvents(events), reference.insertEvents(events)]);
  const [ours, theirs] = await Promise.all([reference.runSqlFold(scope), store.runSqlFold(scope)]);
  expect(ours[0]!.state.counts[1]).toBe(MOST_KEYS + 1);
  expect(theirs).toEqual(ours);
});
