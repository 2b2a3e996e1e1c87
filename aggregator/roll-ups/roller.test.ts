import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import { DEFAULT_FOLD_SETTINGS } from '#contracts/log/control.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import { DAY, HOUR, MINUTE, SECOND } from '#contracts/text/duration.ts';
import { openChdbConnection } from '#platform/store/connection/chdb-connection.ts';
import { createClickHouseStore } from '#platform/store/sql/clickhouse-store.ts';
import { migrate } from '#platform/store/sql/migrations.ts';
import type { Store } from '#platform/store/store.ts';
import { samplePane } from '#platform/store/testing/store-samples.ts';
import { createRig, eventually, type Rig } from '../testing/rig.ts';

const SUM = { event: 'order', aggregate: 'sum(amount)', groupBy: 'country', window: '10s' };

let rig: Rig;
beforeEach(async () => {
  rig = await createRig(2);
});
afterEach(() => rig.close());

const order = (id: number, timestamp: number) => ({
  event: 'order',
  id: String(id),
  timestamp,
  properties: { country: id % 2 === 0 ? 'DE' : 'FR', amount: id },
});
/** Country and coarse pane → sum, over all parts. */
async function sums(
  store: Store,
  range: { metric: string; version: number; from: number; to: number },
  align: number,
) {
  const found: Record<string, number> = {};
  for (const { pane, group, state } of await store.readTiers({ ...range, align })) {
    const key = `${floorTo(pane, align)} ${group.join()}`;
    found[key] = (found[key] ?? 0) + state.nums[0]!;
  }
  return found;
}
const isMarked = async (store: Store, version: number, tier: number, upto: number): Promise<boolean> => {
  const marks = await store.readMarks({ metric: 'orders', version });
  return [0, 1].every((partition) =>
    marks.some((one) => one.partition === partition && one.tier === tier && one.upto >= upto),
  );
};

describe('the owner of a partition', () => {
  it('rolls up what is folded and what is filled in, so that tiers give what panes give', async () => {
    const begin = floorTo(Date.now(), HOUR) - 5 * HOUR;
    await rig.start();
    let id = 0;
    for (let at = begin; at < begin + 3 * HOUR; at += 7 * MINUTE)
      await rig.post(++id % 2, [order(id, at), order(id + 1_000, at + SECOND)]);
    await rig.committed();
    const version = await rig.define('orders', SUM);
    await eventually(async () => {
      const commits = await rig.store.readCommits();
      return (
        commits.length === 2 &&
        commits.every(({ facts }) => facts.active.length === 1 && facts.active[0]!.backfilled)
      );
    });
    for (let at = begin + 3 * HOUR; at < begin + 4.5 * HOUR; at += 7 * MINUTE)
      for (const partition of [0, 1]) await rig.post(partition, [order(++id, at)]);
    await eventually(() => isMarked(rig.store, version, HOUR, begin + 4 * HOUR));
    const range = { metric: 'orders', version, from: begin, to: begin + 4 * HOUR };
    const panes = await rig.store.readPanes(range);
    expect(new Set(panes.map(({ part }) => part))).toEqual(new Set(['0', '1', '~0', '~1']));
    const coarse = await rig.store.readTiers({ ...range, align: HOUR });
    expect(coarse.length).toBeLessThan(panes.length / 2);
    const wanted: Record<string, number> = {};
    for (const { pane, group, state } of panes) {
      const key = `${floorTo(pane, HOUR)} ${group.join()}`;
      wanted[key] = (wanted[key] ?? 0) + state.nums[0]!;
    }
    expect(await sums(rig.store, range, HOUR)).toEqual(wanted);
    expect(await rig.metrics.read('millrace_aggregator_rollup_lag_seconds')).toBe(0);
  });

  it('counts a failure, goes on folding, and rolls up at the next run', async () => {
    const begin = floorTo(Date.now(), MINUTE) - 10 * MINUTE;
    let away = true;
    const rollUp: Store['rollUp'] = (list) =>
      away ? Promise.reject(new Error('no roll-up')) : rig.store.rollUp(list);
    const worker = await rig.start({}, { store: { ...rig.store, rollUp } });
    const version = await rig.define('orders', SUM);
    await eventually(async () => ((await rig.commit(1))?.facts.active.length ?? 0) === 1);
    for (const partition of [0, 1])
      await rig.post(partition, [order(1, begin), order(2, begin + 5 * MINUTE)]);
    await eventually(async () => (await rig.metrics.read('millrace_aggregator_failures_total')) > 1);
    await rig.committed();
    expect(worker.ready()).toBeNull();
    expect(await rig.store.readMarks()).toEqual([]);
    away = false;
    await eventually(() => isMarked(rig.store, version, MINUTE, begin + 4 * MINUTE));
  });
});

describe('a Store of an earlier version', () => {
  it('is rolled up in the background, and read as before meanwhile', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-older-'));
    const connection = await openChdbConnection({ folder, memory: 1_000_000_000, sessions: 3 });
    const store = createClickHouseStore(connection, { aggregateOf });
    try {
      const version = await rig.define('orders', SUM);
      const begin = floorTo(Date.now(), HOUR) - 3 * DAY;
      await migrate(connection, 2);
      const times = [0, 1, 61, 3_600, 3_601, 86_400, 2 * 86_400].map((s) => begin + s * SECOND);
      await store.insertPanes(
        times.flatMap((pane, i) =>
          ['0', '~0', '1'].map((part) =>
            samplePane({ version, pane, part, state: { nums: [i + 1], keys: [], counts: [] } }),
          ),
        ),
      );
      const active = [{ metric: 'orders', version, activation: 0, definition: SUM, backfilled: true }];
      await store.insertCommits(
        [0, 1].map((part) => ({
          part,
          next: 0,
          identity: rig.catalog.identity,
          facts: {
            watermark: begin + 2 * DAY + 2 * HOUR,
            settings: DEFAULT_FOLD_SETTINGS,
            active,
            blocks: [],
            ids: { from: 0, after: null },
            caps: { latest: null, steps: [] },
            counters: { events: 1, duplicates: 0, repeatedBlocks: 0, rejected: 0, late: 0, skipped: 0 },
          },
        })),
      );
      await store.migrate();
      const range = { metric: 'orders', version, from: begin, to: begin + 3 * DAY };
      const rows = async () => (await store.readTiers({ ...range, align: HOUR })).length;
      const before = await sums(store, range, HOUR);
      expect(Object.values(before).reduce((a, b) => a + b)).toBe(3 * 28);
      expect(await rows()).toBe(21);
      const worker = await rig.start({}, { store });
      await eventually(() => isMarked(store, version, HOUR, begin + 2 * DAY + HOUR));
      expect(await sums(store, range, HOUR)).toEqual(before);
      expect(await rows()).toBe(3 * 4);
      await worker.close();
    } finally {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
