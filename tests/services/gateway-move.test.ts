import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ViewContents } from '#contracts/view/frame.ts';
import { createWorkload } from '../crash/crash-workload.ts';
import { eventually } from '../testing/eventually.ts';
import { kafkaClient } from './admin-client.ts';
import { checkEnd } from './check-end.ts';
import { countByHand, type HandCount } from './count-by-hand.ts';
import { type MatrixWorld, openMatrixWorld } from './matrix-world.ts';
import type { Member } from './member.ts';
import { defineRun, metricsOf } from './run-metrics.ts';
import { type Failover, startFailover } from './start-failover.ts';
import { type Load, startLoad } from './start-load.ts';
import { type CountWatch, watchCounts } from './watch-counts.ts';

const BATCH = 30;
const PREFIX = 'gate-';
const WITHIN = 120_000;
const TRANSPORTS = ['websocket', 'polling'] as const;
const reason = inject('noBroker');

interface Mover {
  balancer: Failover;
  board: CountWatch;
}

describe.skipIf(reason !== '')(`clients that lose their gateway ${reason}`, () => {
  const metrics = metricsOf('gate');
  const pauses: string[] = [];
  let world: MatrixWorld;
  let hand: HandCount;
  /** Each behind a balancer of its own, so that it stays with one gateway while that one is up. */
  let movers: Mover[];
  /** They hold the view open at either gateway, as other viewers do. */
  let others: CountWatch[];
  let began: number;
  let load: Load;
  const boards = (): CountWatch[] => movers.map(({ board }) => board);

  beforeAll(async () => {
    world = await openMatrixWorld({ gateway: 2, env: kafkaClient() });
    const { stack, gateways } = world;
    await defineRun(gateways, metrics);
    hand = countByHand(createWorkload(4, { event: metrics.event, prefix: PREFIX, size: BATCH }));
    const watch = (url: string, transport: (typeof TRANSPORTS)[number]): Promise<CountWatch> =>
      watchCounts({ url, transport, metric: metrics.hits, hand });
    others = await Promise.all(gateways.map((url) => watch(url, 'websocket')));
    movers = await Promise.all(
      TRANSPORTS.map(async (transport) => {
        const balancer = await startFailover(gateways);
        return { balancer, board: await watch(balancer.url, transport) };
      }),
    );
    began = Date.now();
    load = startLoad([stack.ingest[0]!.url], hand.workload);
    await eventually(
      () => boards().map((board) => board.contents.series.size),
      (series) => series.every((size) => size > 0),
      WITHIN,
    );
  });
  afterAll(async () => {
    console.log(`Longest time that a client had no news, as its gateway: ${pauses.join('; ')}`);
    await load?.stop();
    for (const board of [...(others ?? []), ...(movers ?? []).map((mover) => mover.board)]) board.close();
    for (const { balancer } of movers ?? []) await balancer.close();
    await world?.close();
  });

  /** Boards show everything that is acknowledged by now. */
  const current = (boards: readonly CountWatch[]): Promise<unknown> => {
    const { size } = load.acknowledged;
    return eventually(
      () => boards.map((board) => board.total()),
      (totals) => totals.every((total) => total >= size),
      WITHIN,
    );
  };

  /** All movers are at `from` and leave it as it ends; says of each whether it went on from what it held. */
  const move = async (what: string, from: Member, end: () => Promise<unknown>): Promise<boolean[]> => {
    await current([...boards(), ...others]);
    // What a gateway shows before its join is done is read once more then, as of a later position.
    await eventually(
      () => new Set([...boards(), ...others].map(({ contents }) => contents.cursor?.epoch)),
      (epochs) => epochs.size === 1,
      WITHIN,
    );
    // A gateway that was just started has read the view's history, and can tell what changed since then alone.
    const read = Math.max(...others.map(positionOf));
    await eventually(
      () => boards().map(positionOf),
      (positions) => positions.every((position) => position >= read),
      WITHIN,
    );
    expect(movers.map(({ balancer }) => balancer.target)).toEqual(movers.map(() => from.url));
    const held = boards().map(({ contents }) => cellsOf(contents));
    for (const board of boards()) board.measure();
    await end();
    const before = boards().map(positionOf);
    await eventually(
      () => movers.map(({ balancer, board }) => ({ at: balancer.target, position: positionOf(board) })),
      (all) => all.every(({ at, position }, i) => at !== from.url && position > before[i]!),
      WITHIN,
    );
    await current(boards());
    pauses.push(`${what}: ${TRANSPORTS.map((name, i) => `${name} ${boards()[i]!.quiet()} ms`).join(', ')}`);
    expect(boards().flatMap((board) => board.wrong)).toEqual([]);
    await from.restart();
    return boards().map(({ contents }, i) => [...cellsOf(contents)].some((cells) => held[i]!.has(cells)));
  };

  it('go on at another one, without a snapshot, when theirs is killed', async () => {
    const [first] = world.stack.gateway;
    expect(await move('was killed', first!, first!.kill9)).toEqual([true, true]);
  });

  it('go on at one that was just started', async () => {
    const [, second] = world.stack.gateway;
    expect(await move('was killed (the other was just started)', second!, second!.kill9)).toEqual([
      true,
      true,
    ]);
  });

  it('go on at another one when theirs stops', async () => {
    const [first] = world.stack.gateway;
    const stop = async (): Promise<void> => expect(await first!.stop()).toBe(0);
    expect(await move('stopped', first!, stop)).toEqual([true, true]);
  });

  it('hold then what a hand counts, what rule 4 gives, and what a fresh client gets', async () => {
    const watches = [...boards(), ...others];
    await checkEnd(world, { metrics, prefix: PREFIX, began, load, hand, watches });
  });
});

/** The same objects while the client continues from what it holds; a snapshot creates new ones. */
const cellsOf = ({ series }: ViewContents): Set<unknown> =>
  new Set([...series.values()].map(({ cells }) => cells));

const positionOf = ({ contents }: CountWatch): number => contents.cursor?.offset ?? 0;
