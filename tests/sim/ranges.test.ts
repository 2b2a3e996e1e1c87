import { describe, expect, it } from 'vitest';
import { REAL_CORE } from './core.ts';
import { findAddedJointFailure, huntAddedJointFailure } from './find-joint-failure.ts';
import { describeFinding } from './hunt.ts';
import { RANGE_VARIANTS } from './range-variants.ts';
import { VIEW_KINDS } from './sim-views.ts';
import { withWeakened } from './weaken.ts';

describe('every client is shown what the events mean, over hundreds of runs with imports and late events', () => {
  it.each(Object.entries(VIEW_KINDS))('in views of the kind: %s', (_, views) => {
    const finding = huntAddedJointFailure(REAL_CORE, 700, views);
    expect(finding === null ? 'nothing wrong' : describeFinding(finding)).toBe('nothing wrong');
  });
});

describe('the joint simulation finds gateways without rule', () => {
  it.each(RANGE_VARIANTS)('$rule', async (variant) => {
    const seeds = { count: 2_000, from: variant.firstSeed ?? 1, views: VIEW_KINDS[variant.kind] };
    const found = await withWeakened(variant, (core) => findAddedJointFailure(core, seeds));
    expect(found).not.toBeNull();
    // Wrong results, not a patch that does not run.
    expect(found?.fault).not.toMatch(/^threw/);
  });
});
