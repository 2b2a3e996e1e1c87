import { describe, expect, it } from 'vitest';
import { findJointFailure } from './find-joint-failure.ts';
import { LIVE_VARIANTS } from './live-variants.ts';
import { withWeakened } from './weaken.ts';

describe('the joint simulation finds gateways and clients without rule', () => {
  it.each(LIVE_VARIANTS)('$rule', async (variant) => {
    const found = await withWeakened(variant, (core) => findJointFailure(core, 3_000, variant.firstSeed));
    expect(found).not.toBeNull();
    // Wrong results, not a patch that does not run.
    expect(found?.fault).not.toMatch(/^threw/);
  });

  it('and finds nothing in a copy that is not weakened', async () => {
    const same = { ...LIVE_VARIANTS[0]!, to: LIVE_VARIANTS[0]!.from };
    expect(await withWeakened(same, (core) => findJointFailure(core, 300))).toBeNull();
  });
});
