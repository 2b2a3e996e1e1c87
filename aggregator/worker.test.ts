import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkAggregate } from '#aggregates/registry.ts';
import type { PaneRow } from '#contracts/log/rows.ts';
import { groupKey } from '#contracts/metric/dimension.ts';
import { parseMetric } from '#contracts/metric/metric.ts';
import { createRig, eventually, type Rig } from './testing/rig.ts';

const ORDERS = { event: 'checkout', aggregate: 'sum(amount)', groupBy: 'country', window: '10s' };
const now = Date.now();
const checkout = (i: number, extra: object = {}) => ({
  event: 'checkout',
  id: `id-${i}`,
  timestamp: now - (i % 7) * 900,
  properties: { country: ['DE', 'FR', 'JP'][i % 3], amount: i },
  ...extra,
});
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig.close());

/** What the archive says the rows of a part must be (rule 4). */
async function sqlFold(metric: string, partition: number, range: { from: number; before: number }) {
  const { body, version } = rig.catalog.catalog.metrics.get(metric)!;
  const read = parseMetric(metric, body, { checkAggregate, horizon: 3_600_000 });
  if (!read.ok) throw new Error(read.fault.message);
  return rig.store.runSqlFold({ metric: read.value, version, partition, ...range, groups: 2_000 });
}
const comparable = (rows: readonly PaneRow[]) =>
  rows.map((r) => [r.pane, groupKey(r.group), r.state]).sort((a, b) => (String(a) < String(b) ? -1 : 1));

async function expectRule4(metric: string, partition: number): Promise<void> {
  const commit = (await rig.commit(partition))!;
  const active = commit.facts.active.find((a) => a.metric === metric)!;
  const live = await sqlFold(metric, partition, { from: active.activation, before: commit.next });
  expect(comparable(await rig.rows(metric, String(partition)))).toEqual(comparable(live));
  const old = await sqlFold(metric, partition, { from: 0, before: active.activation });
  expect(comparable(await rig.rows(metric, `~${partition}`))).toEqual(comparable(old));
}

/** Whether the metric has begun in the committed log of every partition. */
const begun = (metric: string) => async () => {
  const commits = await rig.store.readCommits();
  return commits.length === 2 && commits.every((c) => c.facts.active.some((a) => a.metric === metric));
};

describe('a worker', () => {
  it('folds events into rows that equal a GROUP BY over the archive, and publishes the same states', async () => {
    await rig.define('orders', ORDERS);
    const worker = await rig.start();
    await eventually(begun('orders'));
    for (const i of range(0, 60)) await rig.post(i % 2, [checkout(i), checkout(i + 100)]);
    await rig.committed();
    expect(worker.ready()).toBeNull();
    for (const p of [0, 1]) await expectRule4('orders', p);
    const published = new Map<string, unknown>();
    for (const update of await rig.updates()) {
      if (update.kind !== 'cells') continue;
      for (const c of update.cells) published.set(`${c.part} ${c.pane} ${c.group}`, c.state);
    }
    const rows = [...(await rig.rows('orders', '0')), ...(await rig.rows('orders', '1'))];
    expect(rows.length).toBeGreaterThan(0);
    expect(published).toEqual(new Map(rows.map((r) => [`${r.part} ${r.pane} ${r.group}`, r.state])));
  });

  it('counts repeated ids and blocks once', async () => {
    await rig.define('orders', ORDERS);
    const worker = await rig.start();
    await eventually(begun('orders'));
    await rig.post(
      0,
      range(0, 10).map((i) => checkout(i)),
      'the block',
    );
    await rig.post(
      0,
      range(0, 10).map((i) => checkout(i)),
      'the block',
    );
    await rig.post(
      0,
      range(5, 15).map((i) => checkout(i)),
    );
    await rig.committed();
    await expectRule4('orders', 0);
    const { counters } = (await rig.commit(0))!.facts;
    expect(counters).toMatchObject({ events: 15, duplicates: 5, repeatedBlocks: 1 });
    expect(worker.totals().totals).toMatchObject({ events: 15, duplicates: 5 });
  });

  it('goes on where the last worker stopped, with ids, watermark and cells', async () => {
    await rig.define('orders', ORDERS);
    const first = await rig.start();
    await eventually(begun('orders'));
    for (const i of range(0, 20)) await rig.post(i % 2, [checkout(i)]);
    await rig.committed();
    await first.close();
    await rig.start();
    for (const i of range(10, 40)) await rig.post(i % 2, [checkout(i)]);
    await rig.committed();
    for (const p of [0, 1]) await expectRule4('orders', p);
    const events = (await rig.store.readCommits()).reduce((sum, c) => sum + c.facts.counters.events, 0);
    expect(events).toBe(40);
  });

  it('fills in what came before a metric was defined, and notifies readers', async () => {
    await rig.define('orders', ORDERS);
    await rig.start();
    await eventually(begun('orders'));
    for (const i of range(0, 30)) await rig.post(i % 2, [checkout(i)]);
    await rig.committed();
    await rig.define('all', { event: '*', aggregate: 'count', window: '10s' });
    for (const i of range(30, 60)) await rig.post(i % 2, [checkout(i)]);
    await eventually(async () => {
      const commits = await rig.store.readCommits();
      return commits.every((c) => c.facts.active.some((a) => a.metric === 'all' && a.backfilled));
    });
    await rig.committed();
    for (const p of [0, 1]) await expectRule4('all', p);
    const counted = [...(await rig.rows('all', '0')), ...(await rig.rows('all', '~0'))];
    const total = counted.reduce((sum, row) => sum + row.state.counts.concat(row.state.nums)[0]!, 0);
    expect(total).toBe(30);
    const told = (await rig.updates()).filter((u) => u.kind === 'backfilled');
    expect(new Set(told.map((u) => u.part))).toEqual(new Set(['~0', '~1']));
  });

  it('ends a metric that was deleted, and only that', async () => {
    const version = await rig.define('orders', ORDERS);
    await rig.define('other', { ...ORDERS, aggregate: 'count' });
    await rig.start();
    await eventually(begun('other'));
    await rig.catalog.write({ kind: 'metric', id: 'orders', basedOn: version, body: null, version: null });
    await eventually(async () => !(await begun('orders')()));
    await eventually(async () =>
      (await rig.store.readCommits()).every((c) => c.facts.active.every((a) => a.metric === 'other')),
    );
    expect(await begun('other')()).toBe(true);
  });

  it('ends a metric that was deleted while no worker ran, even the last one', async () => {
    const version = await rig.define('orders', ORDERS);
    const first = await rig.start();
    await eventually(begun('orders'));
    await first.close();
    await rig.catalog.write({ kind: 'metric', id: 'orders', basedOn: version, body: null, version: null });
    await rig.start();
    await eventually(async () => (await rig.store.readCommits()).every((c) => c.facts.active.length === 0));
    expect(await begun('orders')()).toBe(false);
  });
});
