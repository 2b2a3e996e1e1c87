import { describe, expect, it } from 'vitest';
import { findSwitchFailure } from './find-switch-failure.ts';
import { SWITCH_VARIANTS } from './switch-variants.ts';
import { withWeakened } from './weaken.ts';

describe('the simulation of a changing metric finds a core without rule', () => {
  it.each(SWITCH_VARIANTS)('$rule', async (variant) => {
    const found = await withWeakened(variant, (core) => findSwitchFailure(core, 1_000));
    expect(found).not.toBeNull();
    // Wrong results, not a patch that does not run.
    expect(found?.fault).not.toMatch(/^threw/);
  });
});
