import { describe, expect, it } from 'vitest';
import { REAL_CORE } from './core.ts';
import { COUNTER_VARIANTS } from './counter-variants.ts';
import { describeFinding, findFailure, hunt, type Seeds } from './hunt.ts';
import { generateCounterOps } from './ops.ts';
import { COUNTERS } from './simulated-metrics.ts';
import { withWeakened } from './weaken.ts';

const seeds = (count: number): Seeds => ({
  from: 1,
  count,
  ops: 80,
  generate: generateCounterOps,
  metrics: COUNTERS,
});

it('adds up what counters rose by as if samples had come in order, over thousands of runs with crashes, zombies, delays and repeats', () => {
  const finding = hunt(REAL_CORE, seeds(3_000));
  expect(finding === null ? 'nothing wrong' : describeFinding(finding)).toBe('nothing wrong');
});

describe('the simulation of counters finds a core without rule', () => {
  it.each(COUNTER_VARIANTS)('$rule', async (variant) => {
    const found = await withWeakened(variant, (core) => findFailure(core, seeds(3_000)));
    expect(found).not.toBeNull();
    // Wrong results, not a patch that does not run.
    expect(found?.fault).not.toMatch(/^threw/);
  });
});
