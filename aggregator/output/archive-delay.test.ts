import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRig, eventually, type Rig } from '../testing/rig.ts';

/** How far the worker's clock is ahead of the receipts. */
const AHEAD = 60_000;

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig.close());

async function archiveDelays(): Promise<{ count: number; seconds: number }> {
  const { text } = await rig.metrics.expose();
  const read = (name: string): number => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1]);
  return {
    count: read('millrace_aggregator_archive_seconds_count'),
    seconds: read('millrace_aggregator_archive_seconds_sum'),
  };
}

it('measures from the receipt to the commit, for flushes that hold events and no others', async () => {
  await rig.define('orders', { event: 'checkout', aggregate: 'count', window: '10s' });
  await rig.start({}, { clock: () => Date.now() + AHEAD });
  await eventually(async () => (await rig.store.readCommits()).length === 2);
  await rig.committed();
  expect(await archiveDelays()).toEqual({ count: 0, seconds: 0 });
  await rig.post(0, [{ event: 'checkout' }]);
  await rig.committed();
  await eventually(async () => (await archiveDelays()).count > 0);
  const { count, seconds } = await archiveDelays();
  expect(count).toBe(1);
  expect(seconds).toBeGreaterThanOrEqual(AHEAD / 1_000);
});
