import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FinalCells } from './final-cells.ts';

const value = fc.oneof(fc.double({ noNaN: true }), fc.constant(null));
const write = fc.tuple(fc.oneof(fc.nat(40), fc.nat(0xffffffff)), fc.tuple(value, value), fc.nat(1_000));

it('holds the last values and mark of every series, in as many places', () => {
  fc.assert(
    fc.property(fc.array(write, { maxLength: 200 }), (writes) => {
      const cells = new FinalCells({ outputs: 2, named: 0 });
      const naive = new Map<number, { values: (number | null)[]; mark: number }>();
      for (const [series, values, mark] of writes) {
        const place = cells.findOrAdd(series);
        const isOther = cells.set(place, values);
        cells.mark(place, mark);
        const before = naive.get(series)?.values ?? [null, null];
        expect(isOther).toBe(values.some((one, i) => !Object.is(one, before[i])));
        naive.set(series, { values, mark });
      }
      expect(cells.count).toBe(naive.size);
      for (const [series, { values, mark }] of naive) {
        const place = cells.find(series);
        expect(cells.seriesAt(place)).toBe(series);
        expect([cells.valueAt(place, 0), cells.valueAt(place, 1)]).toEqual(values);
        expect(cells.markAt(place)).toBe(mark);
      }
    }),
  );
});

it('holds names beside values, and tells when they are others', () => {
  const cells = new FinalCells({ outputs: 3, named: 2 });
  const empty = cells.bytes;
  const place = cells.findOrAdd(7);
  expect(cells.bytes - empty).toBeGreaterThan(200);
  expect([cells.set(place, [2, 1, 3], ['a', 'b']), cells.namesAt(place)]).toEqual([true, ['a', 'b']]);
  expect(cells.set(place, [2, 1, 3], ['a', 'b'])).toBe(false);
  for (const names of [['b', 'a'], ['b'], []])
    expect([cells.set(place, [2, 1, 3], names), cells.namesAt(place)]).toEqual([true, names]);
  expect(cells.namesAt(cells.findOrAdd(8))).toEqual([]);
});

it('finds no series that has no cell', () => {
  const cells = new FinalCells({ outputs: 1, named: 0 });
  for (let series = 0; series < 100; series += 2) cells.findOrAdd(series);
  for (let series = 1; series < 100; series += 2) expect(cells.find(series)).toBe(-1);
});

it('takes no more than 40 bytes a cell of one output', () => {
  const cells = new FinalCells({ outputs: 1, named: 0 });
  for (let series = 0; series < 10_000; series++) cells.findOrAdd(series);
  expect(cells.bytes / cells.count).toBeLessThan(40);
});
