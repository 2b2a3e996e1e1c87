import { describe, expect, it } from 'vitest';
import { Audience } from './audience.ts';
import { type Core, REAL_CORE } from './core.ts';
import { runOps } from './hunt.ts';
import { EPOCH, type Op, type SimEvent } from './ops.ts';
import { withWeakened } from './weaken.ts';

const event = (ts: number, n: number): SimEvent => ({ id: null, key: null, ts: EPOCH + ts, group: 'x', n });
const beat = (p: number): Op[] => [
  { op: 'beat', p, z: 0, now: EPOCH + 5_000 },
  { op: 'land', p, z: 0 },
];
const move = (g: number): Op[] => [
  { op: 'live', do: 'connect', c: 0, g },
  { op: 'live', do: 'run', g },
  { op: 'live', do: 'deliver', c: 0, how: 'all' },
];
const times = (count: number, op: Op): Op[] => Array.from({ length: count }, () => op);

/** Too rare for random search: constructed by hand, in a world that can show it. */
const OPS: readonly Op[] = [
  { op: 'append', p: 0, events: [event(100, 1_000_003)], received: EPOCH, block: 'b1' },
  { op: 'flow', p: 0, z: 0 },
  // Gateway 0 hears that both partitions are complete up to 5 s.
  ...beat(0),
  ...beat(1),
  ...move(0),
  // Gateway 1 joins after that, and of partition 0 hears only the time of the block that its new owner folds again.
  { op: 'live', do: 'crash', g: 1 },
  { op: 'crash', p: 0 },
  ...times(3, { op: 'live', do: 'join', g: 1 }),
  ...times(5, { op: 'step', p: 0, z: 0 }),
  { op: 'fold', p: 0, z: 0 },
  { op: 'save', p: 0, z: 0 },
  { op: 'publish', p: 0, z: 0 },
  { op: 'land', p: 0, z: 0 },
  // A change within the range of gateway 0 and beyond that of gateway 1.
  { op: 'append', p: 1, events: [event(4_500, 2_000_006)], received: EPOCH + 5_000, block: 'b2' },
  { op: 'flow', p: 1, z: 0 },
  { op: 'live', do: 'run', g: 1 },
  ...move(1),
  ...move(0),
];
const run = (core: Core) =>
  runOps(core, OPS, { furnish: (world) => world.inhabitants.push(new Audience(world, core)) });

describe('a client that moves to a gateway with a shorter range and back', () => {
  it('gets what changed meanwhile in the windows between', () => {
    expect(run(REAL_CORE)).toBeNull();
  });

  it('would lack it if it did not say where its range ends', async () => {
    const silent = {
      rule: 'cursor: says where the range ends',
      folder: 'client/views',
      file: 'shared-view.ts',
      from: '{ cursor: { ...cursor, end }, version }',
      to: '{ cursor: { ...cursor }, version }',
    };
    expect(await withWeakened(silent, run)).toMatch(/shows/);
  });
});
