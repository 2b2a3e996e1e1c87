import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { type CrashEvent, createWorkload, type Workload } from '../crash/crash-workload.ts';
import { eventually } from '../testing/eventually.ts';
import { postBatch } from '../testing/post-batch.ts';
import { kafkaClient } from './admin-client.ts';
import { awaitIdle } from './await-idle.ts';
import { checkRun } from './check-run.ts';
import { compareWithFresh } from './compare-with-fresh.ts';
import { countByHand } from './count-by-hand.ts';
import { type MatrixWorld, openMatrixWorld } from './matrix-world.ts';
import { outageLength } from './outage-length.ts';
import { readMeasure } from './read-measure.ts';
import { defineRun, metricsOf } from './run-metrics.ts';
import { readAnswer, startApps } from './start-apps.ts';
import { watchCounts } from './watch-counts.ts';

const APPS = 2;
const BATCH = 5;
const PREFIX = 'store-';
const PARTITIONS = 4;
/** Rows of a partition that may wait: far more than the apps make in an outage, far less than the burst does. */
const BOUND = 4_000;
const BURST = { batches: 16, size: 2_500 };
/** Of the outage, before the burst comes. */
const CALM = 0.6;
const WITHIN = 120_000;
const TIMEOUT = 600_000;
const reason = inject('noBroker');

describe.skipIf(reason !== '')(`a Store that goes away ${reason}`, () => {
  let world: MatrixWorld | null = null;
  afterAll(() => world?.close());

  it(
    'boards stay live, consumption pauses at its bound, and everything is written afterwards',
    async () => {
      world = await openMatrixWorld({ env: { ...kafkaClient(), MILLRACE_DIRTY_CELLS: `${BOUND}` } });
      const { stack, log, store, gateways } = world;
      const [ingest, aggregator] = [stack.ingest[0]!, stack.aggregator[0]!];
      const metrics = metricsOf('store');
      await defineRun(gateways, metrics);
      const workload = createWorkload(2, { event: metrics.event, prefix: PREFIX, size: BATCH });
      const hand = countByHand(spreadKeys(workload));
      const boards = await Promise.all(
        (['websocket', 'polling'] as const).map((transport) =>
          watchCounts({ url: gateways[0]!, transport, metric: metrics.hits, hand }),
        ),
      );
      const showing = (least: number): Promise<unknown> =>
        eventually(
          () => boards.map((board) => board.total()),
          (totals) => totals.every((total) => total >= least),
          WITHIN,
        );
      const began = Date.now();
      const apps = startApps([ingest.url], hand.workload, APPS);
      await eventually(
        () => apps.acknowledged.size,
        (size) => size > 100,
        WITHIN,
      );
      await showing(apps.acknowledged.size);

      await stack.store.kill9();
      const gone = Date.now();
      // A view that no client has open needs the history.
      const unopened = fetch(`${gateways[0]}/v1/metrics/${metrics.weight}/series?range=2m&window=1s`);
      while (Date.now() < gone + CALM * outageLength()) {
        await showing(apps.acknowledged.size);
        await wait(1_000);
      }
      const burst = createBurst(hand.workload);
      for (const batch of burst)
        await eventually(() => postBatch(ingest.url, batch, 30_000), Boolean, WITHIN);
      const { lag, pending } = await awaitPause(aggregator.url);
      console.log(`Consumption paused: ${pending} rows wait for the Store, ${lag} blocks for their turn.`);
      expect(await readAnswer(await unopened)).toMatchObject({ status: 503, code: 'store_unavailable' });
      await wait(Math.max(0, gone + outageLength() - Date.now()));
      await stack.store.restart();

      await apps.stop();
      const acknowledged = new Set([...apps.acknowledged, ...burst.flat().map(({ id }) => id)]);
      await showing(acknowledged.size);
      await awaitIdle(log, store);
      const sent = hand.workload.unique;
      expect(acknowledged).toEqual(new Set(sent.keys()));
      await checkRun(store, gateways, { metrics, prefix: PREFIX, began, sent, acknowledged });
      await compareWithFresh([...boards, ...world.lasting]);
      expect(boards.flatMap((board) => board.wrong)).toEqual([]);
      expect(apps.answers.filter(({ status }) => status !== 200)).toEqual([]);
      expect(stack.members().flatMap((member) => member.unasked)).toEqual([]);
      for (const board of boards) board.close();
    },
    TIMEOUT,
  );
});

/** A key for each event: the few that a workload has fall unevenly on partitions, and one of those would never reach its bound. */
const spreadKeys = (workload: Workload): Workload => ({
  ...workload,
  next: (now) => workload.next(now).map((event) => ({ ...event, key: event.id })),
});

const createBurst = ({ next }: { next(now: number): CrashEvent[] }): CrashEvent[][] =>
  Array.from({ length: BURST.batches }, () =>
    Array.from({ length: BURST.size / BATCH }, () => next(Date.now())).flat(),
  );

/** Waits until consumption has paused: blocks wait in the log, and the number of pending rows no longer changes. */
async function awaitPause(aggregator: string): Promise<{ lag: number; pending: number }> {
  let before = -1;
  return eventually(
    async () => {
      const [lag, pending] = await Promise.all([
        readMeasure(aggregator, 'millrace_aggregator_lag_blocks'),
        readMeasure(aggregator, 'millrace_aggregator_pending_rows'),
      ]);
      const still = pending === before;
      before = pending;
      await wait(2_000);
      return { lag, pending, still };
    },
    ({ lag, pending, still }) => still && lag > 0 && pending >= PARTITIONS * BOUND,
    WITHIN,
  );
}
