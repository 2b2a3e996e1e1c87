import { expect, test } from 'vitest';
import { tiersOf } from './tier.ts';

test.each([
  [1_000, ['minute', 'hour']],
  [7_000, []],
  [45_000, ['hour']],
  [60_000, ['hour']],
  [120_000, ['hour']],
  [3_600_000, []],
  [7_200_000, []],
])('panes of %d ms have the tiers %j', (pane, names) => {
  expect(tiersOf(pane).map(({ name }) => name)).toEqual(names);
});
