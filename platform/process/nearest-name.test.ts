import { expect, it } from 'vitest';
import { nearestName } from './nearest-name.ts';

it.each([
  ['X_PROT', 'X_PORT'],
  ['X_HOST_S', 'X_HOSTS'],
  ['X_FLSH', 'X_FLUSH'],
  ['X_A', null],
  ['X_RETENTION', null],
  ['X_', null],
])('finds the name nearest to %s: %s', (name, nearest) => {
  expect(nearestName(name, ['X_PORT', 'X_HOST', 'X_HOSTS', 'X_FLUSH', 'X_IDS'], 2)).toBe(nearest);
});
