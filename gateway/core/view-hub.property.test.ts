import fc from 'fast-check';
import { test } from 'vitest';
import { COMPARED_VIEWS, holds, holdsWhileComputing, TOP_VIEWS, WINDOW_VIEWS } from './testing/hub-run.ts';

test('apply(snapshot, frames) is the later snapshot: two gateways, forgetting, resuming and slow clients', () => {
  fc.assert(holds(), { numRuns: 3_000 });
});

test.each([
  ['windows and ranges of every kind', WINDOW_VIEWS],
  ['an earlier range beside', COMPARED_VIEWS],
  ['the groups with the highest values', TOP_VIEWS],
])('the same with %s', (_, views) => {
  fc.assert(holds(undefined, views), { numRuns: 2_000 });
});

test('what changes while it is computed in steps is computed again', () => {
  fc.assert(holdsWhileComputing(), { numRuns: 10_000 });
});
