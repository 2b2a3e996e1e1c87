import { describe, expect, it } from 'vitest';
import { REAL_CORE } from './core.ts';
import { huntAddedJointFailure, huntJointFailure } from './find-joint-failure.ts';
import { describeFinding } from './hunt.ts';

describe('shows every client what the events mean, over thousands of runs of aggregators, gateways and clients', () => {
  it.each([1, 1_001])('from seed %i', (from) => {
    const finding = huntJointFailure(REAL_CORE, 1_000, from);
    expect(finding === null ? 'nothing wrong' : describeFinding(finding)).toBe('nothing wrong');
  });
});

it('shows every client imported and rebuilt events, too', () => {
  const finding = huntAddedJointFailure(REAL_CORE, 1_000);
  expect(finding === null ? 'nothing wrong' : describeFinding(finding)).toBe('nothing wrong');
});
