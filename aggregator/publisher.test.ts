import { afterEach, beforeEach, expect, it } from 'vitest';
import { encodeBlockHeaders } from '#contracts/block.ts';
import { Partition } from './core/partition.ts';
import type { Shared } from './deps.ts';
import { createOwner } from './owner.ts';
import { createPublisher } from './publisher.ts';
import { createRig, eventually, type Rig, SETTINGS } from './testing/rig.ts';

const PARTITIONS = 2;
let rig: Rig;
let stop: AbortController;
beforeEach(async () => {
  rig = await createRig(PARTITIONS);
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await rig.close();
});

/** What `buildAggregator` shares, without its heartbeat: partitions that have nothing to read. */
function share(): Shared {
  const { log, store, catalog, metrics } = rig;
  const owners = Array.from({ length: PARTITIONS }, (_, partition) => {
    const options = { partition, identity: 'log', replayUntil: 0 };
    return createOwner(new Partition(options, { commit: null, panes: [], ids: [] }), 0);
  });
  return {
    log,
    store,
    catalog,
    metrics,
    clock: Date.now,
    logger: { warn: () => {} } as unknown as Shared['logger'],
    settings: SETTINGS,
    owners: new Map(owners.map((owner) => [owner.live.partition, owner])),
    closing: stop.signal,
  };
}

it('says after the last change that every partition is as far, without waiting for a heartbeat', async () => {
  const shared = share();
  const received = Date.now();
  const offset = await rig.post(0, [{ event: 'order' }]);
  const headers = encodeBlockHeaders({ block: 'b', received, count: 1, kind: 'events' });
  shared.owners
    .get(0)!
    .live.fold({ offset, time: received, headers, value: Buffer.from('{"event":"order"}') });
  createPublisher(shared).changed();
  await eventually(async () => {
    const facts = (await rig.updates()).findLast((update) => update.kind === 'facts');
    const asOf = facts?.partitions.map((p) => p.asOf ?? 0) ?? [];
    return asOf.length === PARTITIONS && asOf.every((time) => time >= received);
  });
  expect(shared.owners.get(1)!.caughtUp).toBe(true);
});
