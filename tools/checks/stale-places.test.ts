import { expect, it } from 'vitest';
import { stalePlaces } from './stale-places.ts';

const FILES = [
  'gateway/core/hot/hot-series.ts',
  'platform/log/log.conformance.ts',
  'tests/sim/simulated-world.ts',
];

it.each([
  'gateway/core/hot/hot-series.ts',
  'hot/hot-series.ts',
  'hot-series.ts',
  'gateway/core',
  'core/hot/',
  'hot/',
  'platform/log/*.conformance.ts',
  'application/json',
  'npm run check',
  'MILLRACE_VIEWS',
])('there is %s', (name) => {
  expect(stalePlaces(`See \`${name}\`.`, FILES)).toEqual([]);
});

it.each([
  'gateway/hot-series.ts',
  'series.ts',
  'gateway/hot',
  'hot/cold/',
  'core/old.md',
  'platform/store/*.conformance.ts',
])('there is no %s', (name) => {
  expect(stalePlaces(`See \`hot-series.ts\` and \`${name}\`.`, FILES)).toEqual([name]);
});
