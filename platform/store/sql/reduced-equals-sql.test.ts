import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Aggregate } from '#aggregates/aggregate.ts';
import { aggregateOf } from '#aggregates/registry.ts';
import {
  anyNumber,
  callOf,
  everyAggregate,
  foldInputs,
  hugeNumber,
  inputsOf,
} from '#aggregates/testing/law-inputs.ts';
import type { AggregateCall } from '#contracts/metric/aggregate-call.ts';
import type { State } from '#contracts/metric/state.ts';
import { type ChdbOptions, openChdbConnection } from '../connection/chdb-connection.ts';
import type { Connection } from '../connection/engine-connection.ts';
import { reduceInSql } from '../testing/merge-in-sql.ts';

let options: ChdbOptions;
let connection: Connection;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-reduced-'));
  options = { folder, memory: 1_000_000_000, sessions: 1 };
  connection = await openChdbConnection(options);
});
afterAll(async () => {
  await connection?.close();
  await rm(options.folder, { recursive: true, force: true });
});

/** Merges rows and reduces the result, in plain code and in SQL. */
async function expectEqualReduced(aggregate: Aggregate, call: AggregateCall, rows: State[]): Promise<State> {
  const merged = aggregate.create();
  for (const row of rows) aggregate.merge(merged, aggregate.decode(row));
  const found = await reduceInSql(connection, aggregate, call, rows);
  expect(found).toEqual(aggregate.reduced!.of(merged, call));
  expect(aggregate.reduced!.value(found, call, 10_000)).toEqual(aggregate.value(merged, call, 10_000));
  return found;
}

const reducible = everyAggregate().filter(([, { reduced }]) => reduced !== undefined);

/** One to three rows, some of them as an earlier version wrote them. */
const rowsOf = (aggregate: Aggregate) =>
  fc.array(
    fc.tuple(inputsOf(aggregate, fc.oneof(anyNumber, hugeNumber)), fc.boolean()).map(([inputs, isOld]) => {
      const row = aggregate.encode(foldInputs(aggregate, inputs));
      return isOld ? { ...row, nums: [] } : row;
    }),
    { minLength: 1, maxLength: 3 },
  );

describe.each(reducible)('%s', (_name, aggregate) => {
  test('merged and reduced in SQL = in plain code', async () => {
    const call = callOf(aggregate);
    await fc.assert(
      fc.asyncProperty(rowsOf(aggregate), async (rows) => {
        await expectEqualReduced(aggregate, call, rows);
      }),
      { numRuns: 30, endOnFailure: true },
    );
  });
});

test('quantiles at any ranks', async () => {
  const aggregate = aggregateOf({ name: 'quantiles', field: 'x', args: [] }) as Aggregate;
  const ranks = fc.uniqueArray(
    fc.integer({ min: 0, max: 10_000_000 }).map((n) => n / 10_000_000),
    { minLength: 1, maxLength: 16 },
  );
  await fc.assert(
    fc.asyncProperty(rowsOf(aggregate), ranks, async (rows, args) => {
      const call = aggregate.check({ name: 'quantiles', field: 'x', args });
      if (!call.ok) throw new Error(call.fault.message);
      await expectEqualReduced(aggregate, call.value, rows);
    }),
    { numRuns: 40, endOnFailure: true },
  );
});

test('percentile_rank at any bounds', async () => {
  const aggregate = aggregateOf({ name: 'percentile_rank', field: 'x', args: [] }) as Aggregate;
  const bounds = fc.uniqueArray(fc.oneof(anyNumber, hugeNumber), { minLength: 1, maxLength: 16 });
  await fc.assert(
    fc.asyncProperty(rowsOf(aggregate), bounds, async (rows, args) => {
      const call = aggregate.check({ name: 'percentile_rank', field: 'x', args });
      if (!call.ok) throw new Error(call.fault.message);
      await expectEqualReduced(aggregate, call.value, rows);
    }),
    { numRuns: 40, endOnFailure: true },
  );
});

test('distinct on either side of its exact limit', async () => {
  const aggregate = aggregateOf({ name: 'distinct', field: 'x', args: [] }) as Aggregate;
  const at = { ts: 0, part: 0, offset: 0, index: 0 };
  const rowOf = (from: number, values: number): State =>
    aggregate.encode(
      foldInputs(
        aggregate,
        Array.from({ length: values }, (_, i) => ({ value: `${from + i}`, at })),
      ),
    );
  const call = callOf(aggregate);
  expect((await expectEqualReduced(aggregate, call, [rowOf(0, 600), rowOf(500, 524)])).counts).toEqual([
    1_024,
  ]);
  for (const rows of [[rowOf(0, 600), rowOf(500, 525)], [rowOf(0, 1_025)], [rowOf(0, 9_000), rowOf(0, 3)]]) {
    const { counts } = await expectEqualReduced(aggregate, call, rows);
    expect(counts).toHaveLength(33);
  }
});
