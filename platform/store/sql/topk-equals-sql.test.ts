import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MOST_VALUES } from '#aggregates/frequent/value-counts.ts';
import { aggregateOf } from '#aggregates/registry.ts';
import { anyText, foldInputs } from '#aggregates/testing/law-inputs.ts';
import { openChdbConnection } from '../connection/chdb-connection.ts';
import type { Connection } from '../connection/engine-connection.ts';
import { createMemoryStore } from '../memory/memory-store.ts';
import { mergeInSql, reduceInSql } from '../testing/merge-in-sql.ts';
import { sampleEvent, sampleMetric } from '../testing/store-samples.ts';
import { createClickHouseStore } from './clickhouse-store.ts';

const CALL = { name: 'topk', field: 'x', args: [7] };
const topk = aggregateOf(CALL);

let folder: string;
let connection: Connection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-topk-'));
  connection = await openChdbConnection({ folder, memory: 1_000_000_000, sessions: 1 });
});
afterAll(async () => {
  await connection?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Events of so many values, of which the first are the most frequent. */
const stateOf = (from: number, values: number): unknown =>
  foldInputs(
    topk,
    Array.from({ length: 3 * values }, (_, i) => ({
      value: `value ${from + Math.min(i % values, i % 50)}${i % 7 === 0 ? 'é😀'.repeat(i % 40) : ''}`,
      at: { ts: from - i, part: i % 3, offset: 2 ** 40 + i, index: from },
    })),
  );

/** Every event has a value of its own. */
const distinctState = (from: number, values: number): unknown =>
  foldInputs(
    topk,
    Array.from({ length: values }, (_, i) => ({
      value: `${from + i}`,
      at: { ts: i, part: 0, offset: from, index: i },
    })),
  );

async function expectEqual(states: readonly unknown[]): Promise<void> {
  const merged = topk.create();
  for (const state of states) topk.merge(merged, state);
  const rows = states.map((state) => topk.encode(state));
  expect(await mergeInSql(connection, topk, rows)).toEqual(topk.encode(merged));
  const reduced = topk.reduced!.of(merged, CALL);
  expect(await reduceInSql(connection, topk, CALL, rows)).toEqual(reduced);
  expect(topk.reduced!.value(reduced, CALL, 1)).toEqual(topk.value(merged, CALL, 1));
}

test.each([
  ['nothing', [topk.create()]],
  ['few values', [stateOf(0, 90), stateOf(40, 20), topk.create()]],
  ['as many values as have counts', [distinctState(0, 600), distinctState(500, MOST_VALUES - 500)]],
  ['one value more', [distinctState(0, 600), distinctState(500, MOST_VALUES - 499)]],
  ['counters and counts', [distinctState(0, 3_000), stateOf(10, 70), distinctState(2_000, 300)]],
  ['counters', [distinctState(0, 3_000), distinctState(2_900, 1_500), topk.create()]],
  ['counters alone', [distinctState(7, 5_000)]],
])('states of %s are merged and reduced in SQL as in plain code', async (_, states) => {
  await expectEqual(states);
});

test('a state from raw events of many values is what the fold keeps', async () => {
  const store = createClickHouseStore(connection, { aggregateOf });
  await store.migrate();
  const texts = fc.sample(anyText, { numRuns: 200, seed: 1 });
  for (const [partition, values] of [100, 5_000].entries()) {
    const reference = createMemoryStore({ aggregateOf });
    const events = Array.from({ length: 6_000 }, (_, index) =>
      sampleEvent({ part: partition, index }, { x: index % 2 ? texts[index % 200]! : `v${index % values}` }),
    );
    const metric = sampleMetric({ aggregate: CALL });
    const scope = { metric, version: 1, partition, from: 0, before: 9, groups: 9 };
    await Promise.all([store.insertEvents(events), reference.insertEvents(events)]);
    const [ours, theirs] = await Promise.all([reference.runSqlFold(scope), store.runSqlFold(scope)]);
    expect(ours).toHaveLength(1);
    expect(theirs).toEqual(ours);
  }
});
