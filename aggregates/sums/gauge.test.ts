import fc from 'fast-check';
import { expect, test } from 'vitest';
import { floorTo } from '#contracts/metric/pane.ts';
import { comparePoints, type SequencePoint } from '#contracts/metric/sequence.ts';
import { GAUGE } from './gauge.ts';

/** Times far shorter than usual, so that every ms can be looked at. */
const HOLD = 25;
const scopeOf = (pane: number) => ({
  hold: HOLD,
  pane,
  key: 'k',
  call: { name: 'time_weighted', field: 'x', args: [] },
});

const samples = fc
  .array(fc.record({ ts: fc.integer({ min: -20, max: 100 }), value: fc.integer({ min: -9, max: 9 }) }), {
    maxLength: 12,
  })
  .map((all) => all.map((one, index): SequencePoint => ({ ...one, offset: 0, index })));

type Cell = [integral: number, ms: number];

/** What each pane takes, by the definition: for every ms the value of the last sample up to it, unless that has held for too long. */
function heldIn(points: readonly SequencePoint[], pane: number): Map<number, Cell> {
  const sorted = points.toSorted(comparePoints);
  const cells = new Map<number, Cell>();
  for (const { ts } of points) for (let ms = ts; ms < ts + HOLD; ms++) cells.set(floorTo(ms, pane), [0, 0]);
  for (let ms = -20; ms < 100 + HOLD; ms++) {
    const last = sorted.findLast(({ ts }) => ts <= ms);
    if (last === undefined || ms >= last.ts + HOLD) continue;
    const cell = cells.get(floorTo(ms, pane))!;
    cell[0] += last.value;
    cell[1] += 1;
  }
  return cells;
}

test('samples in any order give every pane what each of its ms holds, and their group a place in all that they touch', () => {
  fc.assert(
    fc.property(samples, fc.integer({ min: 1, max: 40 }), (all, pane) => {
      const found = new Map<number, Cell>();
      const points: SequencePoint[] = [];
      for (const point of all) {
        points.push(point);
        points.sort(comparePoints);
        for (const { ts, value } of GAUGE.insert(points, points.indexOf(point), scopeOf(pane))) {
          // No pane that is final changes.
          expect(ts).toBeGreaterThanOrEqual(point.ts);
          const [integral, ms] = value as unknown as Cell;
          expect(ms).toBeGreaterThanOrEqual(0);
          const cell = found.get(floorTo(ts, pane)) ?? [0, 0];
          found.set(floorTo(ts, pane), [cell[0] + integral, cell[1] + ms]);
        }
      }
      const inOrder = (cells: Map<number, Cell>) => [...cells].sort(([a], [b]) => a - b);
      expect(inOrder(found)).toEqual(inOrder(heldIn(all, pane)));
    }),
    { numRuns: 2_000 },
  );
});

test('a sample holds until hold is over, to the ms, and not beyond the next', () => {
  const at = (ts: number, value: number, index: number): SequencePoint => ({ ts, value, offset: 0, index });
  const one = [at(0, 10, 0)];
  expect(GAUGE.insert(one, 0, scopeOf(10))).toEqual([
    { ts: 0, value: [100, 10] },
    { ts: 10, value: [100, 10] },
    { ts: 20, value: [50, 5] },
  ]);
  const two = [...one, at(12, 1, 1)];
  expect(GAUGE.insert(two, 1, scopeOf(10))).toEqual([
    { ts: 12, value: [8 - 80, 0] },
    { ts: 20, value: [10 - 50, 5] },
    { ts: 30, value: [7, 7] },
  ]);
});
