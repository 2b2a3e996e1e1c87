import { expect, it } from 'vitest';
import { eventually } from '../../tests/testing/eventually.ts';
import type { Shared } from '../deps.ts';
import { createOwner } from '../owner.ts';
import { publishPieces } from './publish-pieces.ts';
import { createPublisher } from './publisher.ts';

it('goes on with its ticks when the clock is set back by an hour', async () => {
  let now = Date.now();
  let taken = 0;
  const publication = { updates: [], cells: 0, acknowledge: () => {}, putBack: () => {} };
  const progress = {
    partition: 0,
    next: 0,
    committed: 0,
    watermark: null,
    received: null,
    changed: 1,
    lateByMetric: [],
  };
  const takeUpdates = () => {
    taken++;
    return publication;
  };
  const stop = new AbortController();
  const publisher = createPublisher({
    log: { append: async () => [0], bounds: async () => [{ partition: 0, start: 0, end: 0 }] },
    owners: new Map([[0, createOwner({ ...progress, takeUpdates } as never, now)]]),
    clock: () => now,
    settings: { tick: 50 },
    closing: stop.signal,
  } as unknown as Shared);
  await publisher.publish();
  now -= 3_600_000;
  publisher.changed();
  await eventually(
    () => taken,
    (n) => n > 1,
    10_000,
  );
  stop.abort();
  await publisher.rest();
});

it('puts back what it has taken where another partition cannot be taken of', async () => {
  const told: string[] = [];
  const progress = { next: 0, committed: 0, watermark: null, received: null, changed: 1, lateByMetric: [] };
  const publication = {
    updates: [],
    cells: 1,
    acknowledge: () => void told.push('acknowledged'),
    putBack: () => void told.push('put back'),
  };
  const whole = { ...progress, partition: 0, takeUpdates: () => publication };
  const broken = {
    ...progress,
    partition: 1,
    takeUpdates: () => {
      throw new Error('in the middle of a block');
    },
  };
  const owners = [whole, broken].map((live) => createOwner(live as never, 0));
  let appended = 0;
  const append = async () => void appended++;
  await expect(publishPieces(owners, 0, append)).rejects.toThrow('in the middle of a block');
  expect(told).toEqual(['put back']);
  expect(appended).toBe(0);
  // Whoever is whole goes on.
  await publishPieces(owners.slice(0, 1), 0, append);
  expect(told).toEqual(['put back', 'acknowledged']);
});
