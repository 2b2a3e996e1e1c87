import { expect, it } from 'vitest';
import { REAL_CORE } from './core.ts';
import { huntSwitchFailure } from './find-switch-failure.ts';
import { describeFinding } from './hunt.ts';

it('switches whole versions, over thousands of runs in which a metric is changed, deleted and re-created', () => {
  const finding = huntSwitchFailure(REAL_CORE, 1_000);
  expect(finding === null ? 'nothing wrong' : describeFinding(finding)).toBe('nothing wrong');
});
