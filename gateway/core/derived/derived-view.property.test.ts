import fc from 'fast-check';
import { test } from 'vitest';
import { holds, PLAIN_VIEWS } from '../testing/hub-run.ts';
import { DERIVED_CASES, SHIFTED_CASES, TOP_CASES } from './testing/derived-cases.ts';

test.each([
  ['beside others', [...DERIVED_CASES, ...PLAIN_VIEWS]],
  ['with earlier windows', SHIFTED_CASES],
  ['of the groups with the highest values', TOP_CASES],
])('whatever clients miss, they end with what the parts give: %s', (_, views) => {
  fc.assert(holds(undefined, views), { numRuns: 300 });
});
