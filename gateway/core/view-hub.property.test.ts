import fc from 'fast-check';
import { test } from 'vitest';
import { holds, holdsWhileComputing } from './testing/hub-run.ts';

test('apply(snapshot, frames) is the later snapshot: two gateways, forgetting, resuming and slow clients', () => {
  fc.assert(holds(), { numRuns: 3_000 });
});

test('what changes while it is computed in steps is computed again', () => {
  fc.assert(holdsWhileComputing(), { numRuns: 10_000 });
});
