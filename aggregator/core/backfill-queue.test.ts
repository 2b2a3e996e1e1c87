import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BackfillQueue, type Lack } from './backfill-queue.ts';

const lackOf = (metric: string, partition: number): Lack => ({
  partition,
  caps: { groups: 10, valueLength: 100 },
  history: true,
  added: null,
  active: { metric, version: 1, activation: 5, definition: {}, backfilled: false },
});
const NOBODY: ReadonlySet<string> = new Set();

it('gives every metric a turn between two tries of one that always fails', () => {
  const metrics = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(
      metrics,
      fc.integer({ min: 1, max: 4 }),
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      (ids, partitions, random) => {
        const queue = new BackfillQueue();
        const broken = ids[0]!;
        let lacking = ids.flatMap((id) => Array.from({ length: partitions }, (_, i) => lackOf(id, i)));
        let now = 0;
        for (let steps = 0; lacking.some(({ active }) => active.metric !== broken); steps++) {
          expect(steps).toBeLessThan(2 + (ids.length + 1) * (partitions + 1));
          const fill = queue.next(lacking, NOBODY, now);
          if (fill === null) {
            now += 1;
            continue;
          }
          if (fill[0].active.metric === broken) {
            queue.failed(fill, { code: 'internal', message: 'no' }, { now, random });
          } else {
            queue.done(fill);
            lacking = lacking.filter((lack) => !fill.includes(lack));
          }
        }
        const told = queue.failures();
        expect(told.every(({ metric }) => metric === broken)).toBe(true);
      },
    ),
  );
});

it('waits longer each time, and never longer than its bound', () => {
  const queue = new BackfillQueue();
  const lack = lackOf('m', 0);
  let now = 0;
  const waits = Array.from({ length: 30 }, () => {
    queue.failed([lack], { code: 'internal', message: 'no' }, { now, random: 1 });
    const { next } = queue.failures()[0]!;
    expect(queue.next([lack], NOBODY, next - 1)).toBeNull();
    expect(queue.next([lack], NOBODY, next)).toEqual([lack]);
    const wait = next - now;
    now = next;
    return wait;
  });
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
  expect(waits.at(-1)).toBe(300_000);
});

it('forgets back-fills that are no longer missing', () => {
  const queue = new BackfillQueue();
  queue.failed([lackOf('m', 0), lackOf('m', 1)], { code: 'internal', message: 'no' }, { now: 0, random: 0 });
  expect(queue.failures()).toMatchObject([{ partitions: 2, attempts: 1 }]);
  queue.keep([lackOf('m', 1)]);
  expect(queue.failures()).toMatchObject([{ partitions: 1 }]);
  queue.keep([]);
  expect(queue.failures()).toEqual([]);
});
