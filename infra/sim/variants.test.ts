import { describe, expect, it } from 'vitest';
import { findFailure } from './hunt.ts';
import { VARIANTS } from './variants.ts';
import { withWeakened } from './weaken.ts';

describe('the simulation finds a core without rule', () => {
  it.each(VARIANTS)('$rule', async (variant) => {
    const seed = await withWeakened(variant, (core) => findFailure(core, { from: 1, count: 3_000, ops: 80 }));
    expect(seed).not.toBeNull();
  });
});
