import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createWorkload } from '../crash/crash-workload.ts';
import { eventually } from '../testing/eventually.ts';
import { kafkaClient } from './admin-client.ts';
import { checkEnd } from './check-end.ts';
import { countByHand, type HandCount } from './count-by-hand.ts';
import { type MatrixWorld, openMatrixWorld } from './matrix-world.ts';
import { ownedPartitions } from './read-owners.ts';
import { defineRun, metricsOf } from './run-metrics.ts';
import { type Load, startLoad } from './start-load.ts';
import { type CountWatch, watchCounts } from './watch-counts.ts';

const BATCH = 30;
const PREFIX = 'move-';
const PARTITIONS = 4;
const WITHIN = 120_000;
const reason = inject('noBroker');

describe.skipIf(reason !== '')(`aggregators that come and go under load ${reason}`, () => {
  const metrics = metricsOf('move');
  const pauses: string[] = [];
  let world: MatrixWorld;
  let hand: HandCount;
  let boards: CountWatch[];
  let began: number;
  let load: Load;

  beforeAll(async () => {
    world = await openMatrixWorld({ aggregator: 2, env: kafkaClient() });
    const { stack, gateways } = world;
    await defineRun(gateways, metrics);
    hand = countByHand(createWorkload(3, { event: metrics.event, prefix: PREFIX, size: BATCH }));
    boards = await Promise.all(
      (['websocket', 'polling'] as const).map((transport) =>
        watchCounts({ url: gateways[0]!, transport, metric: metrics.hits, hand }),
      ),
    );
    began = Date.now();
    load = startLoad([stack.ingest[0]!.url], hand.workload);
  });
  afterAll(async () => {
    console.log(`Longest time that a board had no news of some partition: ${pauses.join('; ')}`);
    await load?.stop();
    for (const board of boards ?? []) board.close();
    await world?.close();
  });

  /** Every partition has one owner, and boards show everything that is acknowledged by then. */
  const settled = async (): Promise<number[]> => {
    const shares = await eventually(
      () => world.stack.aggregator.map((member) => [...ownedPartitions(member)]),
      (owned) => owned.flat().length === PARTITIONS && new Set(owned.flat()).size === PARTITIONS,
      WITHIN,
    );
    const { size } = load.acknowledged;
    await eventually(
      () => boards.map((board) => board.total()),
      (totals) => totals.every((total) => total >= size),
      WITHIN,
    );
    return shares.map((share) => share.length);
  };
  const measured = async (what: string, change: () => Promise<unknown>): Promise<number[]> => {
    for (const board of boards) board.measure();
    await change();
    const shares = await settled();
    pauses.push(`${what}: ${boards.map((b) => `${b.name.split(' ')[0]} ${b.quiet()} ms`).join(', ')}`);
    expect(boards.flatMap((board) => board.wrong)).toEqual([]);
    return shares;
  };

  it('a third one takes partitions over', async () => {
    await eventually(
      () => settled(),
      (shares) => shares.every((share) => share === 2),
      WITHIN,
    );
    const added = async (): Promise<unknown> => {
      const member = await world.stack.add('aggregator');
      return eventually(
        () => ownedPartitions(member).size,
        (size) => size > 0,
        WITHIN,
      );
    };
    const shares = await measured('one is added', added);
    expect(shares.every((share) => share > 0)).toBe(true);
  });

  it('the partitions of one that is killed go to the others', async () => {
    const shares = await measured('one is killed', () => world.stack.aggregator[0]!.kill9());
    expect(shares[0]).toBe(0);
  });

  it('the partitions of one that stops go to the last', async () => {
    const stop = async (): Promise<void> => expect(await world.stack.aggregator[1]!.stop()).toBe(0);
    expect(await measured('one is stopped', stop)).toEqual([0, 0, PARTITIONS]);
  });

  it('what is shown then is what a hand counts, what rule 4 gives, and what a fresh client gets', async () => {
    await checkEnd(world, { metrics, prefix: PREFIX, began, load, hand, watches: boards });
  });
});
