import { afterEach, beforeEach, expect, it } from 'vitest';
import { encodeBlockHeaders } from '#contracts/log/block.ts';
import { encodeControl } from '#contracts/log/control.ts';
import { decodeUpdate } from '#contracts/log/update.ts';
import { createBudgets } from '#platform/limits/budgets.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createWarnings } from '#platform/process/reporting/warnings.ts';
import { Partition } from '../core/partition.ts';
import { restoredEmpty } from '../core/restore/restore-partition.ts';
import type { Shared } from '../deps.ts';
import { createOwner } from '../owner.ts';
import { createRig, eventually, type Rig, SETTINGS } from '../testing/rig.ts';
import { publishPieces } from './publish-pieces.ts';
import { createPublisher } from './publisher.ts';

const T0 = 1_700_000_000_000;
const METRIC = { event: 'e', aggregate: 'count', window: '10s' };

let rig: Rig;
let stop: AbortController;
beforeEach(async () => {
  rig = await createRig(1);
  stop = new AbortController();
});
afterEach(() => rig.close());

/** A partition that counts events, fed by hand. */
function begin(partition: number) {
  const live = new Partition(
    { partition, identity: rig.catalog.identity, replayUntil: 0, idKey: { k0: 1, k1: 2 } },
    restoredEmpty(),
  );
  const block = (kind: 'control' | 'events', text: string, count: number | null) => ({
    offset: live.nextOffset,
    time: T0,
    headers: encodeBlockHeaders({ block: null, received: T0, count, kind }),
    value: Buffer.from(text),
  });
  const eventsBlock = (n: number) =>
    block(
      'events',
      Array.from({ length: n }, () => JSON.stringify({ event: 'e', timestamp: T0 })).join('\n'),
      n,
    );
  live.fold(
    block('control', encodeControl({ kind: 'metric', metric: 'm', version: 1, definition: METRIC }), null),
  );
  return {
    live,
    fold: (n: number) => void live.fold(eventsBlock(n)),
    /** Folds the first steps of a block, and leaves the rest. */
    foldHalf(n: number) {
      const steps = live.foldInSteps(eventsBlock(n));
      while (steps.next().value !== 'alone');
      steps.next();
    },
  };
}

/** What a worker's parts share, of the rig, with this clock and these partitions. */
function share(clock: () => number, partitions: readonly Partition[]): Shared {
  const logger = createLogger('silent', 'test');
  return {
    log: rig.log,
    store: rig.store,
    catalog: rig.catalog,
    metrics: rig.metrics,
    budgets: createBudgets(rig.metrics),
    warnings: createWarnings({ clock, logger }),
    clock,
    logger,
    settings: { ...SETTINGS, tick: 50 },
    owners: new Map(partitions.map((live) => [live.partition, createOwner(live, clock())])),
    closing: stop.signal,
  };
}

/** Events of the window that the published states count, the newest state last. */
const published = async (): Promise<number[]> =>
  (await rig.updates()).flatMap((update) =>
    update.kind === 'cells' ? update.cells.map((cell) => cell.state.counts[0]!) : [],
  );

it('goes on with its ticks when the clock is set back by an hour', async () => {
  let now = T0;
  const { live, fold } = begin(0);
  const publisher = createPublisher(share(() => now, [live]));
  fold(1);
  await publisher.publish();
  expect(await published()).toEqual([1]);
  now -= 3_600_000;
  for (const count of [3, 5]) {
    fold(2);
    publisher.changed();
    await eventually(async () => (await published()).at(-1) === count);
  }
  expect(await published()).toEqual([1, 3, 5]);
  expect(live.changed).toBe(0);
  stop.abort();
  await publisher.rest();
});

it('puts drained changes back when another partition cannot be drained', async () => {
  const [whole, broken] = [begin(0), begin(1)];
  whole.fold(3);
  broken.fold(1);
  broken.foldHalf(2_000);
  const owners = [whole, broken].map(({ live }) => createOwner(live, T0));
  const appended: string[] = [];
  const append = async (texts: readonly string[]) => void appended.push(...texts);
  await expect(publishPieces(owners, T0, append)).rejects.toThrow('in the middle of a block');
  expect(appended).toEqual([]);
  expect(whole.live.changed).toBe(1);
  // The partition that is whole goes on.
  const length = await publishPieces(owners.slice(0, 1), T0, append);
  const [cells, facts] = appended.map(decodeUpdate);
  expect(cells).toMatchObject({
    ok: true,
    value: { kind: 'cells', metric: 'm', cells: [{ part: '0', state: { counts: [3] } }] },
  });
  expect(facts).toMatchObject({
    ok: true,
    value: { kind: 'facts', partitions: [{ partition: 0, next: 2 }] },
  });
  expect(length).toBe(appended.join('').length);
  expect(whole.live.changed).toBe(0);
});
