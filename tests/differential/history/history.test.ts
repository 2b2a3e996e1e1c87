import { afterAll, beforeAll, expect, it } from 'vitest';
import { everyAggregate } from '#aggregates/testing/law-inputs.ts';
import { RANGE_KINDS, WINDOW_KINDS } from './asked-views.ts';
import { REAL_ENGINE } from './engine.ts';
import { createWorld } from './history-world.ts';
import { type OwnStore, openOwnStore } from './own-store.ts';
import { createCompared, runWorld } from './run-world.ts';
import { STAGES } from './stored-world.ts';

/** More worlds: `HISTORY_WORLDS=60`. One that failed, run again: `HISTORY_SEED=123 HISTORY_WORLD=4 npx vitest run tests/differential/history`. */
const { HISTORY_WORLDS = '6', HISTORY_SEED, HISTORY_WORLD = '0' } = process.env;
const WORLDS =
  HISTORY_SEED === undefined
    ? Array.from(
        { length: Number(HISTORY_WORLDS) },
        (_, i) => [i, Math.floor(Math.random() * 2 ** 31)] as const,
      )
    : [[Number(HISTORY_WORLD), Number(HISTORY_SEED)] as const];

let store: OwnStore;
beforeAll(async () => {
  store = await openOwnStore();
});
afterAll(() => store?.remove());

const compared = createCompared();
const NAMES = everyAggregate().map(([name]) => name);
/** A fifth of the aggregates in a world and the others in the next ones; then what depends on lengths, and what has two forms. */
const namesOf = (number: number): string[] =>
  number % 6 === 5 ? ['rate', 'distinct'] : NAMES.filter((_, i) => i % 5 === number % 6);

it.each(WORLDS)(
  'views of history are what events, panes and SQL say (HISTORY_WORLD=%i HISTORY_SEED=%i)',
  async (number, seed) => {
    const run = { engine: REAL_ENGINE, connection: store.connection, aggregates: namesOf(number) };
    await runWorld(run, createWorld(seed, number), compared);
  },
  300_000,
);

it.skipIf(HISTORY_SEED !== undefined)('all kinds of views were compared, at every stage of the tiers', () => {
  const { kinds, ...counts } = compared;
  const pairs = WINDOW_KINDS.flatMap((window) => RANGE_KINDS.map((range) => `${window} ${range}`));
  for (const pair of pairs) {
    for (const [, { name }] of everyAggregate()) expect(kinds).toContain(`${name} ${pair}`);
    for (const stage of STAGES) expect(kinds).toContain(`${pair}, ${stage}`);
  }
  // A workload that leaves nothing to compare would pass anything.
  expect(
    Object.entries(counts).filter(([, count]) => count === 0),
    JSON.stringify(counts),
  ).toEqual([]);
  expect(counts.cells).toBeGreaterThan(3_000);
});
