import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { MillraceError } from '#contracts/errors.ts';
import { createClient } from '../index.ts';
import { createFakeTime } from '../testing/fake-time.ts';
import { type Fault, fault } from '../testing/soak-faults.ts';
import { createSoakServer } from '../testing/soak-server.ts';

/** How many histories of faults are tried: 200 in `npm test`, 3,000 in `npm test -- soak`. */
const HISTORIES = Number(process.env.SOAK_HISTORIES ?? '200');
/** Printed by the test; the same seed tries the same histories. */
const SEED = Number(process.env.SOAK_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** What may wait, of `event-queue.ts`. */
const BOUND = { events: 10_000, chars: 5_000_000 };

interface Burst {
  /** Delay after the previous burst, ms. */
  after: number;
  count: number;
  /** Characters of each event. */
  size: number;
  /** Every `badEvery`-th event is one that the server refuses. */
  badEvery: number;
}
const burst: fc.Arbitrary<Burst> = fc.record({
  after: fc.constantFrom(0, 50, 1_000, 20_000),
  count: fc.constantFrom(1, 2, 30, 400),
  size: fc.constantFrom(...Array<number>(12).fill(1), 3_000, 30_000),
  badEvery: fc.constantFrom(0, 0, 1, 3, 17),
});

/** How much time passes at once, ms. */
const STEP = 3_000;
/** Lets promises and streams go on: none of them waits for a real clock. */
const turn = async (): Promise<void> => {
  for (let i = 0; i < 2; i++) await new Promise(setImmediate);
};

async function run(bursts: readonly Burst[], faults: readonly Fault[]) {
  const time = createFakeTime();
  const server = createSoakServer(time.after);
  server.faults = [...faults];
  const errors: unknown[] = [];
  const outcomes: (string | null)[] = [];
  let id = 0;
  const environment = { ...time, fetch: server.fetch, id: () => `id-${id++}` };
  const client = createClient({
    url: 'http://127.0.0.1',
    onError: (error) => errors.push(error),
    environment,
  });
  let most = 0;
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= STEP) {
      time.pass(Math.min(left, STEP));
      await turn();
      most = Math.max(most, client.waiting);
    }
  };
  const names: string[] = [];
  for (const { after, count, size, badEvery } of bursts) {
    await pass(after);
    for (let i = 0; i < count; i++) {
      const place = names.push(badEvery > 0 && i % badEvery === 0 ? 'bad' : 'good') - 1;
      outcomes[place] = null;
      client.track(names[place]!, { text: 'x'.repeat(size) }).then(
        () => (outcomes[place] = 'sent'),
        (error: MillraceError) => (outcomes[place] = error.code),
      );
    }
  }
  for (let i = 0; i < 20_000 && client.waiting > 0; i++) await pass(STEP);
  await pass(2_000);
  return { client, server, errors, outcomes, names, most };
}

it(
  `counts every event once or says that it is lost, whatever stands between, in ${HISTORIES} histories (seed ${SEED})`,
  async () => {
    const strays: unknown[] = [];
    const stray = (error: unknown): void => void strays.push(error);
    process.on('unhandledRejection', stray);
    const history = fc.tuple(
      fc.array(burst, { minLength: 1, maxLength: 5 }),
      fc.array(fault, { maxLength: 25 }),
    );
    await fc.assert(
      fc.asyncProperty(history, async ([bursts, faults]) => {
        const { client, server, errors, outcomes, names, most } = await run(bursts, faults);
        const place = (i: number): string => `id-${i}`;
        let told = 0;
        // The outcome of an event that was too large even alone in its request.
        const tooLarge = faults.some(({ name }) => name.startsWith('413')) ? ['body_too_large'] : [];
        outcomes.forEach((outcome, i) => {
          const settled = names[i] === 'bad' ? 'too_deep' : 'sent';
          expect([settled, 'overloaded', ...tooLarge]).toContain(outcome);
          if (outcome === 'sent') expect(server.stored.get(place(i))).toBeGreaterThan(0);
          if (outcome === 'too_deep') expect(server.stored.get(place(i))).toBeUndefined();
          if (outcome !== 'sent') told++;
        });
        expect(outcomes.filter((o) => o === 'overloaded')).toHaveLength(client.dropped);
        expect([...server.stored.keys()].every((id) => names[Number(id.slice(3))] === 'good')).toBe(true);
        expect(countTold(errors)).toBe(told);
        expect(client.waiting).toBe(0);
        expect(most).toBeLessThanOrEqual(BOUND.events);
      }),
      { numRuns: HISTORIES, seed: SEED },
    );
    await turn();
    process.off('unhandledRejection', stray);
    expect(strays).toEqual([]);
  },
  Math.max(300_000, HISTORIES * 1_000),
);

/** Returns how many losses `onError` reported, one by one or as a count. */
const countTold = (errors: readonly unknown[]): number =>
  errors.reduce(
    (sum: number, error) => sum + Number(/^(\d+) more errors/.exec((error as Error).message)?.[1] ?? 1),
    0,
  );
