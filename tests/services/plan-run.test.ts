import { expect, it } from 'vitest';
import { createRandom } from '../../embedded/demo/traffic/seeded-random.ts';
import { type Action, planRun } from './plan-run.ts';

const MEMBERS = (['broker', 'ingest', 'aggregator', 'gateway'] as const).map((part) => ({
  name: part,
  part,
}));
const plans = (seed: number): Action[][] =>
  Array.from({ length: 200 }, (_, run) => planRun(createRandom(seed + run), run, MEMBERS));

it('every run does something, and a seed decides what', () => {
  expect(plans(1).every((actions) => actions.length > 0)).toBe(true);
  expect(plans(1)).toEqual(plans(1));
  expect(plans(1)).not.toEqual(plans(500));
});

it('every kind of fault hits every part, and zombies appear among the aggregators', () => {
  const all = plans(1).flat();
  const kinds = new Set(all.map(({ part, kind }) => `${kind} ${part}`));
  expect(kinds.size).toBe(2 * MEMBERS.length);
  expect(
    all.some(({ part, kind, lasts }) => part === 'aggregator' && kind === 'pause' && lasts > 6_000),
  ).toBe(true);
});

it('every fifth run kills the broker', () => {
  const killed = plans(1).map((actions) => actions.some((a) => a.part === 'broker' && a.kind === 'kill'));
  expect(killed.filter((_, run) => run % 5 === 4).every(Boolean)).toBe(true);
});
