import { expect, it } from 'vitest';
import { REAL_CORE } from './core.ts';
import { huntRollUpFailure } from './find-roll-up-failure.ts';
import { describeFinding } from './hunt.ts';

it('keeps tiers equal to their panes, over thousands of runs with crashes, zombies, repeats and back-fills', () => {
  const finding = huntRollUpFailure(REAL_CORE, 2_000);
  expect(finding === null ? 'nothing wrong' : describeFinding(finding)).toBe('nothing wrong');
});
