import { expect, test } from 'vitest';
import { nearestNames } from './nearest-names.ts';

test.each([
  ['averag', ['avg']],
  ['conut', ['count']],
  ['mix', ['min', 'max']],
  ['a', []],
  ['constructor', []],
  ['', []],
])('the names nearest to %j are %j', (wanted, near) => {
  expect(nearestNames(wanted, ['count', 'avg', 'min', 'max', 'quantiles'])).toEqual(near);
});

test.each([
  ['X_PROT', ['X_PORT']],
  ['X_HOST_S', ['X_HOSTS']],
  ['X_FLSH', ['X_FLUSH']],
  ['X_A', []],
  ['X_RETENTION', []],
  ['X_', []],
])('with a common prefix, those nearest to %j are %j', (wanted, near) => {
  expect(nearestNames(wanted, new Set(['X_PORT', 'X_HOST', 'X_HOSTS', 'X_FLUSH', 'X_IDS']), 2)).toEqual(near);
});
