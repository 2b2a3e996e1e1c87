import { expect, it } from 'vitest';
import { REAL_CORE } from './core.ts';
import { describeFinding, hunt } from './hunt.ts';

it('loses and doubles nothing over thousands of runs with crashes, zombies, delays and repeats', () => {
  const finding = hunt(REAL_CORE, { from: 1, count: 4_000, ops: 80 });
  expect(finding === null ? 'nothing wrong' : describeFinding(finding)).toBe('nothing wrong');
});
