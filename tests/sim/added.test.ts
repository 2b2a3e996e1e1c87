import { describe, expect, it } from 'vitest';
import { ADDED_VARIANTS } from './added-variants.ts';
import { REAL_CORE } from './core.ts';
import { describeFinding, findFailure, hunt, type Seeds } from './hunt.ts';
import { generateAddedOps } from './ops.ts';
import { withWeakened } from './weaken.ts';

const seeds = (count: number): Seeds => ({ from: 1, count, ops: 100, generate: generateAddedOps });

it('counts imported and rebuilt events once, over thousands of runs with crashes, zombies, delays and repeats', () => {
  const finding = hunt(REAL_CORE, seeds(3_000));
  expect(finding === null ? 'nothing wrong' : describeFinding(finding)).toBe('nothing wrong');
});

describe('the simulation with imports and rebuilds finds a core without rule', () => {
  it.each(ADDED_VARIANTS)('$rule', async (variant) => {
    const found = await withWeakened(variant, (core) => findFailure(core, seeds(3_000)));
    expect(found).not.toBeNull();
    // Wrong results, not a patch that does not run.
    expect(found?.fault).not.toMatch(/^threw/);
  });
});
