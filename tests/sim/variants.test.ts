import { describe, expect, it } from 'vitest';
import { findFailure } from './hunt.ts';
import { VARIANTS } from './variants.ts';
import { withWeakened } from './weaken.ts';

describe('the simulation finds a core without rule', () => {
  it.each(VARIANTS)('$rule', async (variant) => {
    const found = await withWeakened(variant, (core) =>
      findFailure(core, { from: 1, count: 3_000, ops: 80 }),
    );
    expect(found).not.toBeNull();
    // Wrong results, not a patch that does not run.
    expect(found?.fault).not.toMatch(/^threw/);
  });

  it('and finds nothing in a copy that is not weakened', async () => {
    const same = { ...VARIANTS[0]!, to: VARIANTS[0]!.from };
    const found = await withWeakened(same, (core) => findFailure(core, { from: 1, count: 500, ops: 80 }));
    expect(found).toBeNull();
  });
});
