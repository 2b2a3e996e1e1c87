import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignPartitions } from './assign-partitions.ts';

describe('assignPartitions', () => {
  it('gives all to one, half to a second, and all back', () => {
    const alone = assignPartitions(['a'], [null, null, null, null]);
    expect(alone).toEqual(['a', 'a', 'a', 'a']);
    const shared = assignPartitions(['a', 'b'], alone);
    expect(shared).toEqual(['a', 'a', 'b', 'b']);
    expect(assignPartitions(['b'], shared)).toEqual(['b', 'b', 'b', 'b']);
    expect(assignPartitions([], shared)).toEqual([null, null, null, null]);
  });

  it('is even and moves no more than it must, from any assignment before', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    fc.assert(
      fc.property(
        fc.subarray(names, { minLength: 1 }),
        fc.array(fc.option(fc.constantFrom(...names)), { maxLength: 20 }),
        (members, before) => {
          const after = assignPartitions(members, before);
          const loadOf = (list: readonly (string | null)[], m: string) => list.filter((x) => x === m).length;
          const loads = members.map((m) => loadOf(after, m));
          expect(loads.reduce((a, b) => a + b, 0)).toBe(before.length);
          expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
          // A member that keeps fewer than it had is as full as it may be.
          const floor = Math.floor(before.length / members.length);
          for (const m of members) {
            const kept = after.filter((x, i) => x === m && before[i] === m).length;
            if (kept < loadOf(before, m)) expect(kept).toBeGreaterThanOrEqual(floor);
          }
        },
      ),
    );
  });
});
