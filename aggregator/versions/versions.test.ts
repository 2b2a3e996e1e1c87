import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkAggregate } from '#aggregates/registry.ts';
import { groupKey } from '#contracts/metric/dimension.ts';
import { type Metric, parseMetric } from '#contracts/metric/metric.ts';
import { createRig, eventually, type Rig } from '../testing/rig.ts';

const ORDERS = { event: 'checkout', aggregate: 'sum(amount)', groupBy: 'country', window: '10s' };
const BY_PLAN = { ...ORDERS, aggregate: 'count', groupBy: 'plan' };
const now = Date.now();
const PARTITIONS = 2;

let rig: Rig;
let posted = 0;
beforeEach(async () => {
  rig = await createRig(PARTITIONS);
  posted = 0;
});
afterEach(() => rig.close());

const post = async (n: number): Promise<void> => {
  for (let i = 0; i < n; i++) {
    const properties = {
      country: ['DE', 'FR'][posted % 2],
      plan: ['pro', 'team'][posted % 3],
      amount: posted,
    };
    const event = { event: 'checkout', id: `id-${posted}`, timestamp: now - (posted % 5) * 700, properties };
    await rig.post(posted++ % 2, [event]);
  }
};
const orders = () => rig.catalog.catalog.metrics.get('orders')!;
const served = (version: number) => () => orders()?.served.version === version;
const active = async () =>
  (await rig.store.readCommits()).map(({ facts }) =>
    facts.active.map((a) => a.version).sort((a, b) => a - b),
  );

/** Every partition, also one that has no commit yet, folds exactly these versions, and has what was before them. */
const filled = (...versions: number[]): Promise<void> =>
  eventually(async () => {
    const commits = await rig.store.readCommits();
    return (
      commits.length === PARTITIONS &&
      commits.every(
        ({ facts }) =>
          facts.active.every((a) => a.backfilled) &&
          facts.active.map((a) => a.version).join() === versions.join(),
      )
    );
  });

/** Pane and group → sum of the first value of all parts' states, in the Store. */
async function stored(version: number): Promise<Map<string, number>> {
  const rows = await rig.store.readPanes({ metric: 'orders', version, from: 0, to: Number.MAX_SAFE_INTEGER });
  return sum(rows);
}

function sum(rows: Awaited<ReturnType<Rig['store']['readPanes']>>): Map<string, number> {
  const cells = new Map<string, number>();
  for (const { pane, group, state } of rows) {
    const key = `${pane} ${groupKey(group)}`;
    cells.set(key, (cells.get(key) ?? 0) + [...state.counts, ...state.nums][0]!);
  }
  return cells;
}

/** What a fold of everything in the archive gives. */
async function expected(body: object): Promise<Map<string, number>> {
  const read = parseMetric('orders', body, { checkAggregate, horizon: 3_600_000 });
  const metric = (read as { value: Metric }).value;
  const rows = [];
  for (const { part: partition, next } of await rig.store.readCommits())
    rows.push(
      ...(await rig.store.runSqlFold({
        metric,
        version: 0,
        partition,
        from: 0,
        before: next,
        groups: 2_000,
      })),
    );
  return sum(rows);
}

describe('a change of what a metric counts', () => {
  it('is folded and filled in beside the old one while data flows, then served, and the old one ends', async () => {
    const first = await rig.define('orders', ORDERS);
    await rig.start();
    await post(20);
    await rig.committed();
    expect(orders().served.version).toBe(first);
    const second = await rig.define('orders', BY_PLAN);
    let flowing = true;
    const flow = (async () => {
      while (flowing) await post(1).then(() => new Promise((resolve) => setTimeout(resolve, 2)));
    })();
    await eventually(served(second));
    flowing = false;
    await flow;
    await filled(second);
    await rig.committed();
    expect(await stored(second)).toEqual(await expected(BY_PLAN));
  });

  it('keeps folding the served version whole until the other is served, and a while after', async () => {
    const first = await rig.define('orders', ORDERS);
    await rig.start({ retireAfter: 3_600_000 });
    await post(10);
    const second = await rig.define('orders', BY_PLAN);
    await eventually(served(second));
    await post(10);
    await filled(first, second);
    await rig.committed();
    for (const [version, body] of [
      [first, ORDERS],
      [second, BY_PLAN],
    ] as const)
      expect(await stored(version)).toEqual(await expected(body));
  });

  it('is not served before every partition has filled in, and is after a restart', async () => {
    const first = await rig.define('orders', ORDERS);
    const worker = await rig.start();
    await post(10);
    await filled(first);
    await rig.committed();
    await worker.close();
    const activations = (await rig.store.readCommits()).map(({ facts }) => facts.active[0]?.activation);
    const second = await rig.define('orders', BY_PLAN);
    rig.backfillAway = true;
    const other = await rig.start();
    await eventually(async () => (await active()).every((versions) => versions.includes(second)));
    await post(5);
    await rig.committed();
    expect(orders().served.version).toBe(first);
    // What is served is folded all the while, and started once.
    expect(await stored(first)).toEqual(await expected(ORDERS));
    const begun = (await rig.store.readCommits()).map(({ facts }) =>
      facts.active.find((a) => a.version === first),
    );
    expect(begun.map((a) => a?.activation)).toEqual(activations);
    await other.close();
    rig.backfillAway = false;
    await rig.start();
    await eventually(served(second));
    await rig.committed();
    expect(await stored(second)).toEqual(await expected(BY_PLAN));
  });

  it('gives way to a later change, which alone is served', async () => {
    const first = await rig.define('orders', ORDERS);
    rig.backfillAway = true;
    await rig.start();
    await post(10);
    const second = await rig.define('orders', BY_PLAN);
    await eventually(async () => (await active()).every((versions) => versions.includes(second)));
    const third = await rig.define('orders', { ...ORDERS, aggregate: 'count' });
    await eventually(async () =>
      (await active()).every((versions) => versions.join() === `${first},${third}`),
    );
    rig.backfillAway = false;
    await eventually(served(third));
    await rig.committed();
    expect(await stored(third)).toEqual(await expected({ ...ORDERS, aggregate: 'count' }));
  });

  it('is served once, however many workers look', async () => {
    await rig.define('orders', ORDERS);
    await Promise.all([rig.start(), rig.start()]);
    await post(10);
    const changes: string[] = [];
    rig.catalog.subscribe((record) => changes.push(record.kind));
    for (const aggregate of ['count', 'max(amount)', 'min(amount)']) {
      const version = await rig.define('orders', { ...ORDERS, aggregate });
      await eventually(served(version));
    }
    expect(changes).toEqual(['metric', 'serve', 'metric', 'serve', 'metric', 'serve']);
  });

  it('never meets its former rows when it is deleted and created again', async () => {
    const first = await rig.define('orders', ORDERS);
    await rig.start();
    await post(10);
    await rig.committed();
    await rig.catalog.write({
      kind: 'metric',
      id: 'orders',
      basedOn: orders().offset,
      body: null,
      version: null,
    });
    const again = await rig.define('orders', ORDERS);
    expect(again).toBeGreaterThan(first);
    await filled(again);
    await post(10);
    await rig.committed();
    expect(await stored(again)).toEqual(await expected(ORDERS));
  });
});
