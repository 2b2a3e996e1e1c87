import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { compileMetric } from '#aggregates/judge/compile-metric.ts';
import { aggregateOf } from '#aggregates/registry.ts';
import { encodeBlockHeaders } from '#contracts/log/block.ts';
import { encodeControl } from '#contracts/log/control.ts';
import type { ArchiveRow, PaneRow } from '#contracts/log/rows.ts';
import { MINUTE } from '#contracts/text/duration.ts';
import type { SeriesAnswer } from '#contracts/view/series-result.ts';
import { startGateway, type TestGateway } from '#gateway/testing/start-gateway.ts';
import { openChdbConnection } from '#platform/store/connection/chdb-connection.ts';
import { createClickHouseStore } from '#platform/store/sql/clickhouse-store.ts';
import type { Store } from '#platform/store/store.ts';
import { Partition } from '../../aggregator/core/partition.ts';
import { restoredEmpty } from '../../aggregator/core/restore/restore-partition.ts';

/*
 * What a person expects of a metric with more groups than its cap, with expected values that were worked out by hand: of the engine that
 * folds, of its SQL form, and of what readers are shown.
 */

const NOW = Date.UTC(2026, 10, 23, 16);
const PANE = NOW - MINUTE;
const OPTIONS = { partition: 0, identity: 'log', replayUntil: 0, idKey: { k0: 1, k1: 2 } };

let folder: string;
let sql: Store;
let gateway: TestGateway;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-caps-'));
  const connection = await openChdbConnection({ folder, memory: 1_000_000_000, sessions: 2 });
  sql = createClickHouseStore(connection, { aggregateOf });
  await sql.migrate();
  gateway = await startGateway();
});
afterEach(async () => {
  await gateway.close();
  await sql.close();
  await rm(folder, { recursive: true, force: true });
});

/** What the fold stores for events of one minute, in this order. */
function fold(definition: Record<string, unknown>, events: readonly object[], groups: number) {
  const partition = new Partition(OPTIONS, restoredEmpty());
  const send = (headers: Record<string, string>, text: string): void => {
    const block = { offset: partition.nextOffset, time: NOW, headers, value: Buffer.from(text) };
    expect(partition.fold(block)).toEqual([]);
  };
  const head = { block: null, received: NOW, count: null, kind: 'control' } as const;
  const settings = { horizon: 60 * MINUTE, groups, ids: 1_000, levels: true };
  send(encodeBlockHeaders(head), encodeControl({ kind: 'settings', settings }));
  send(encodeBlockHeaders(head), encodeControl({ kind: 'metric', metric: 'm', version: 1, definition }));
  for (let from = 0; from < events.length; from += 1_000) {
    const lines = events.slice(from, from + 1_000).map((properties) => ({
      ...{ event: 'e', timestamp: PANE, properties },
    }));
    send({}, lines.map((line) => JSON.stringify(line)).join('\n'));
  }
  const flush = partition.beginFlush();
  if (flush === null) throw new Error('Nothing was folded.');
  return { panes: [...flush.panes], archive: [...flush.archive], next: partition.nextOffset };
}

async function foldInSql(definition: Record<string, unknown>, archive: ArchiveRow[], groups: number) {
  const compiled = compileMetric('m', definition, Number.POSITIVE_INFINITY);
  if (!compiled.ok) throw new Error(compiled.fault.message);
  await sql.insertEvents(archive);
  const { metric } = compiled.value;
  return sql.runSqlFold({ metric, version: 1, partition: 0, from: 0, before: 1e6, groups, levels: true });
}

const countsOf = (rows: readonly PaneRow[]): Record<string, number> =>
  Object.fromEntries(rows.map(({ group, state }) => [group.join(' '), state.counts[0]!]));

async function show(definition: object, panes: readonly PaneRow[], next: number): Promise<void> {
  const { version } = await gateway.define('m', definition);
  await gateway.store.insertPanes(panes.map((row) => ({ ...row, version })));
  await gateway.facts(NOW, { next, committed: next, watermark: NOW });
  await vi.waitFor(() => expect(gateway.gateway.ready()).toBeNull(), { timeout: 10_000 });
}

async function ask(
  query: Record<string, string>,
): Promise<{ values: Record<string, number>; partial: number }> {
  const params = new URLSearchParams({ from: String(PANE), to: String(NOW), window: 'whole', ...query });
  const answer = await fetch(`${gateway.url}/v1/metrics/m/series?${params}`);
  const { series, partial } = (await answer.json()) as SeriesAnswer;
  const values = series.map(({ group, values: [value] }) => [Object.values(group).join(' '), value]);
  return { values: Object.fromEntries(values), partial: partial.length };
}

describe('more groups than the cap', () => {
  it('case 20: the first two keep their names, the third is merged, and the total is exact', async () => {
    const definition = { event: 'e', aggregate: 'count', groupBy: 'g', window: '1m', pane: '1m' };
    const events = [...'xyzxzz'].map((g) => ({ g }));
    const { panes, archive, next } = fold(definition, events, 2);
    const expected = { x: 2, y: 1, __other__: 3 };
    expect(countsOf(panes)).toEqual(expected);
    expect(countsOf(await foldInSql(definition, archive, 2))).toEqual(expected);
    await show(definition, panes, next);
    expect(await ask({})).toEqual({ values: expected, partial: 1 });
    expect(await ask({ groupBy: '' })).toEqual({ values: { '': 6 }, partial: 0 });
  });

  it('a wide dimension behind a narrow one leaves the narrow one whole', async () => {
    const definition = {
      event: 'e',
      aggregate: 'count',
      groupBy: ['shop', 'user'],
      window: '1m',
      pane: '1m',
    };
    // 40 shops, 9,000 users, 27,000 events: each user three times, each shop 675 times.
    const events = Array.from({ length: 27_000 }, (_, i) => ({ shop: `s${i % 40}`, user: `u${i % 9_000}` }));
    const { panes, archive, next } = fold(definition, events, 2_000);
    // The places of users, and one of each shop for the others.
    expect(panes).toHaveLength(2_040);
    const found = countsOf(panes);
    expect([found['s0 u0'], found['s0 __other__'], found['__other__ __other__']]).toEqual([
      3,
      525,
      undefined,
    ]);
    expect(countsOf(await foldInSql(definition, archive, 2_000))).toEqual(found);
    await show(definition, panes, next);
    const shops = await ask({ groupBy: 'shop' });
    expect(shops.values.s0).toBe(675);
    expect(shops).toEqual({
      values: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`s${i}`, 675])),
      partial: 0,
    });
    expect(await ask({ groupBy: '', where: 'shop = s0' })).toEqual({ values: { '': 675 }, partial: 0 });
    expect(await ask({ groupBy: '', where: 'user = u0' })).toEqual({ values: { '': 3 }, partial: 1 });
    expect((await ask({ where: 'shop = s0' })).partial).toBe(1);
  });
});
