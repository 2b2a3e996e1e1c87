import { describe, expect, it } from 'vitest';
import { findRollUpFailure } from './find-roll-up-failure.ts';
import { ROLL_UP_VARIANTS } from './roll-up-variants.ts';
import { withWeakened } from './weaken.ts';

describe('the simulation of roll-ups finds a core without rule', () => {
  it.each(ROLL_UP_VARIANTS)('$rule', async (variant) => {
    const found = await withWeakened(variant, (core) => findRollUpFailure(core, 3_000));
    expect(found).not.toBeNull();
    // Wrong results, not a patch that does not run.
    expect(found?.fault).not.toMatch(/^threw/);
  });
});
