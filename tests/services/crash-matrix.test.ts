import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createRandom } from '../../embedded/demo/traffic/seeded-random.ts';
import { type MatrixWorld, openMatrixWorld } from './matrix-world.ts';
import { describeAction, planRun } from './plan-run.ts';
import { runMatrix } from './run-matrix.ts';

const RUNS = readRuns(process.env.SERVICES_RUNS ?? '30');
const SEED = Number(process.env.SERVICES_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** Which library speaks to the broker, kafkajs or platformatic. */
const CLIENT = process.env.SERVICES_CLIENT ?? 'kafkajs';
const SIZE = { ingest: 2, aggregator: 2, gateway: 2 } as const;
const MEMBERS = [
  { name: 'broker', part: 'broker' as const },
  ...(['ingest', 'aggregator', 'gateway'] as const).flatMap((part) =>
    Array.from({ length: SIZE[part] }, (_, i) => ({ name: `${part} ${i + 1}`, part })),
  ),
];
/** What a run does depends on the seed and its number alone. */
const PLANS = Array.from({ length: RUNS }, (_, run) => {
  const seed = SEED + run;
  return { run, seed, actions: planRun(createRandom(seed), run, MEMBERS) };
});
const reason = inject('noBroker');

describe.skipIf(reason !== '')(`crash matrix through ${CLIENT} (SERVICES_SEED=${SEED}) ${reason}`, () => {
  let world: MatrixWorld | null = null;
  let broken = false;
  beforeAll(async () => {
    console.log(`SERVICES_SEED=${SEED}`);
    world = await openMatrixWorld({ ...SIZE, env: { MILLRACE_KAFKA_CLIENT: CLIENT } });
  });
  afterAll(async () => {
    console.log(`Longest time that a client had no news: ${world?.quiet.describe()}`);
    await world?.close();
  });

  for (const plan of PLANS) {
    it(`run ${plan.run}: ${plan.actions.map(describeAction).join(', ')}`, async ({ skip }) => {
      if (broken) skip('an earlier run failed: this one would go on from what it left');
      broken = true;
      await runMatrix(world!, plan);
      expect(world!.stack.members().flatMap((member) => member.unasked)).toEqual([]);
      broken = false;
    });
  }
});

function readRuns(text: string): number {
  const runs = Number(text);
  if (Number.isInteger(runs) && runs >= 1 && runs <= 10_000) return runs;
  throw new RangeError(`SERVICES_RUNS: expected a whole number from 1 to 10000, got ${JSON.stringify(text)}`);
}
