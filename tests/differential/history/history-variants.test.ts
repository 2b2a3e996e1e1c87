import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Variant } from '../../sim/variants.ts';
import { Difference } from './compare-view.ts';
import { type Engine, REAL_ENGINE } from './engine.ts';
import { HISTORY_VARIANTS } from './history-variants.ts';
import { createWorld } from './history-world.ts';
import { type OwnStore, openOwnStore } from './own-store.ts';
import { createCompared, runWorld } from './run-world.ts';
import { withWeakenedEngine } from './weakened-engine.ts';

/** Few events and cheap aggregates, since what is weakened concerns all of them alike. */
const SMALL = { events: 300, crowd: 0 };
const AGGREGATES = ['count', 'sum', 'max', 'quantiles'];

let store: OwnStore;
beforeAll(async () => {
  store = await openOwnStore();
});
afterAll(() => store?.remove());

/** Which changes of clocks: Lord Howe's are those that hours tell most of. */
const WORLDS = [1, 2, 3, 0];
let runs = 0;

/** The first difference in a few worlds, which are the same ones for each engine; null where there is none. */
async function findDifference(engine: Engine, worlds = WORLDS): Promise<Difference | null> {
  for (const [i, world] of worlds.entries()) {
    // A number of its own in this Store, and the same kinds of metrics and views.
    const made = createWorld(1_000 + i, 30 * runs++ + world, SMALL);
    try {
      await runWorld(
        { engine, connection: store.connection, aggregates: AGGREGATES },
        made,
        createCompared(),
      );
    } catch (error) {
      if (error instanceof Difference) return error;
      throw error;
    }
  }
  return null;
}

it('the comparison finds nothing in the code as it is', async () => {
  expect(await findDifference(REAL_ENGINE, WORLDS.slice(0, 2))).toBeNull();
}, 120_000);

describe('the comparison finds a read of history in which it does not hold that', () => {
  it.each(HISTORY_VARIANTS)(
    '$rule',
    async (variant: Variant) => {
      const found = await withWeakenedEngine(variant, (engine) => findDifference(engine));
      expect(found).toBeInstanceOf(Difference);
    },
    120_000,
  );
});
