import { expect } from 'vitest';
import { awaitIdle } from './await-idle.ts';
import { checkRun, type RunFacts } from './check-run.ts';
import { compareWithFresh } from './compare-with-fresh.ts';
import type { HandCount } from './count-by-hand.ts';
import type { Followed } from './followers.ts';
import type { MatrixWorld } from './matrix-world.ts';
import type { Load } from './start-load.ts';
import type { CountWatch } from './watch-counts.ts';

export interface EndFacts extends Omit<RunFacts, 'sent' | 'acknowledged' | 'within'> {
  load: Load;
  hand: HandCount;
  /** Counts that are watched from the start, by clients that still follow them. */
  watches: readonly CountWatch[];
}

/** When the load is over: all is counted once, every client holds what a fresh one gets, and no process ended unasked. */
export async function checkEnd(world: MatrixWorld, { load, hand, watches, ...run }: EndFacts): Promise<void> {
  const { stack, log, store, gateways } = world;
  await load.stop();
  await awaitIdle(log, store);
  const { acknowledged } = load;
  await checkRun(store, gateways, { ...run, sent: hand.workload.unique, acknowledged });
  const followed: Followed[] = [...watches, ...world.lasting];
  await compareWithFresh(followed);
  expect(watches.flatMap((watch) => watch.wrong)).toEqual([]);
  expect(stack.members().flatMap((member) => member.unasked)).toEqual([]);
}
