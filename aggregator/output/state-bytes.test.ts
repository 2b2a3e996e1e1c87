import { expect, it } from 'vitest';
import { checkAggregate } from '#aggregates/registry.ts';
import type { PaneRow } from '#contracts/log/rows.ts';
import { groupKey } from '#contracts/metric/dimension.ts';
import { parseMetric } from '#contracts/metric/metric.ts';
import { createRig, eventually } from '../testing/rig.ts';

const BOUND = 1_000_000;
/** A cell counts as at least 500 bytes, and a block adds up to one cell per event. */
const BLOCK = 200;
const MOST_CELLS = BOUND / 500 + BLOCK;
const DEFINITION = { event: 'e', aggregate: 'sum(n)', groupBy: 'g', lateness: '10m' };

const sorted = (rows: PaneRow[]): PaneRow[] =>
  rows
    .map((row) => ({ ...row, next: 0 }))
    .sort((a, b) => a.pane - b.pane || (groupKey(a.group) < groupKey(b.group) ? -1 : 1));

it('bounds the bytes of states for any panes and groups, and counts as the archive does, also after a restart', async () => {
  const rig = await createRig(1);
  const settings = { stateBytes: BOUND, unstoredBytes: BOUND };
  let worker = await rig.start(settings);
  const version = await rig.define('m', DEFINITION);
  await eventually(async () => (await rig.commit(0))?.facts.active.length === 1);
  const T = Date.now() - 300_000;
  let most = 0;
  const attack = async (from: number, blocks: number): Promise<void> => {
    for (let b = from; b < from + blocks; b++) {
      const events = Array.from({ length: BLOCK }, (_, i) => ({
        event: 'e',
        timestamp: T + ((b * BLOCK + i) % 300) * 1_000,
        // Every third group is one of an earlier block, in a pane that was left to the Store.
        properties: { g: i % 3 === 0 ? `old-${i}` : `${b}-${i}`, n: 1 },
      }));
      await rig.post(0, events);
      if (b % 3 === 0) await rig.committed();
      most = Math.max(most, worker.totals().gauges.openCells ?? 0);
    }
    await rig.committed();
  };
  await attack(0, 60);
  expect(most).toBeGreaterThan(BLOCK * 2);
  expect(most).toBeLessThanOrEqual(MOST_CELLS);
  await worker.close();
  worker = await rig.start(settings);
  await attack(60, 20);
  expect(most).toBeLessThanOrEqual(MOST_CELLS);

  const read = parseMetric('m', DEFINITION, { checkAggregate, horizon: 3_600_000 });
  if (!read.ok) throw new Error(read.fault.message);
  const next = (await rig.commit(0))!.next;
  const scope = {
    metric: read.value,
    version,
    partition: 0,
    from: 0,
    before: next,
    groups: 2_000,
    valueLength: 200,
  };
  expect(sorted(await rig.rows('m', '0'))).toEqual(sorted(await rig.store.runSqlFold(scope)));
  await rig.close();
});

it('bounds the bytes of events that wait for a Store that is away, and continues when it is back', async () => {
  const rig = await createRig(1);
  const worker = await rig.start({ unstoredBytes: BOUND });
  await rig.define('m', DEFINITION);
  await rig.committed();
  rig.storeAway = true;
  const text = 'x'.repeat(20_000);
  for (let i = 0; i < 100; i++)
    await rig.post(0, [{ event: 'e', properties: { n: 1, text: `${text}${i}` } }]);
  // 2 MB were sent; what is held is at the bound, with one event beyond it, long before the row bound.
  await expect.poll(() => worker.totals().gauges.pendingRows, { timeout: 30_000 }).toBeGreaterThan(45);
  expect(worker.totals().gauges.pendingRows).toBeLessThan(60);
  rig.storeAway = false;
  await rig.committed();
  expect(await rig.store.countEvents()).toBe(100);
  await rig.close();
});
