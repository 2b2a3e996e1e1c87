import fc from 'fast-check';
import { test } from 'vitest';
import { holds } from './test-run.ts';

test('apply(snapshot, frames) is the later snapshot: two gateways, forgetting, resuming and slow clients', () => {
  fc.assert(holds(), { numRuns: 3_000 });
});
