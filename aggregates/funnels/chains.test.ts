import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePoints, type SequencePoint } from '#contracts/metric/sequence.ts';
import { advance, type ChainRules, type Reached } from './chains.ts';
import { bestByTime, better, naiveChains } from './testing/naive-chains.ts';

const SPAN = 60;

/** Puts each where it belongs, and what that changes. */
function insertAll(arriving: readonly SequencePoint[], rules: ChainRules): Reached[][] {
  const points: SequencePoint[] = [];
  return arriving.map((point) => {
    points.push(point);
    points.sort(comparePoints);
    return advance(points, points.indexOf(point), rules);
  });
}

const arriving = fc
  .tuple(
    fc.integer({ min: 2, max: 4 }),
    fc.array(
      fc.record({
        ts: fc.oneof(fc.nat(8), fc.nat(150), fc.constantFrom(0, SPAN, SPAN + 1)),
        value: fc.nat(15),
      }),
      { maxLength: 24 },
    ),
  )
  .map(([steps, all]) => ({
    rules: { steps, span: SPAN },
    points: all.map(({ ts, value }, offset) => ({
      ts,
      offset: offset >> 1,
      index: offset & 1,
      value: value & (2 ** steps - 1),
    })),
  }));

describe('chains of a sequence', () => {
  it('reach by increments what they do in the sorted sequence, in whatever order points come', () => {
    fc.assert(
      fc.property(arriving, ({ points, rules }) => {
        expect(bestByTime(insertAll(points, rules).flat())).toEqual(naiveChains(points, rules));
      }),
      { numRuns: 5_000 },
    );
  });

  it('change by no point more than what comes to a step earlier by it', () => {
    fc.assert(
      fc.property(arriving, ({ points, rules }) => {
        for (const [i, changes] of insertAll(points, rules).entries()) {
          const after = naiveChains(points.slice(0, i + 1), rules);
          for (const change of changes) {
            // What is told is true after it, and within the span.
            expect(better(change, after.get(change.ts)!)).toEqual(after.get(change.ts));
            expect(points[i]!.ts - change.ts).toBeLessThanOrEqual(SPAN);
            expect(change.time ?? 0).toBeLessThanOrEqual(SPAN);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  const of = (all: readonly [ts: number, value: number][]): SequencePoint[] =>
    all.map(([ts, value], offset) => ({ ts, offset, index: 0, value }));

  it('takes a point for one step only', () => {
    const rules = { steps: 3, span: SPAN };
    expect(
      insertAll(
        of([
          [0, 1],
          [1, 6],
          [2, 6],
        ]),
        rules,
      ).at(-1),
    ).toEqual([{ ts: 0, step: 3, time: 2 }]);
    expect(insertAll(of([[0, 3]]), rules)).toEqual([[{ ts: 0, step: 1, time: null }]]);
  });

  it('changes nothing by a repeat of the last step, whatever is before', () => {
    const rules = { steps: 2, span: SPAN };
    const all = of([...Array.from({ length: 20 }, (): [number, number] => [0, 1]), [1, 2], [2, 2], [3, 2]]);
    expect(insertAll(all, rules).map(({ length }) => length)).toEqual([...Array(20).fill(1), 20, 0, 0]);
  });
});
