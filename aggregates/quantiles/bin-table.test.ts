import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addToBin, createBinTable, MOST_PROBES, mergeBins, sortedBins } from './bin-table.ts';

/** Bins that the first factor puts into an eighth of a table of `size`: in it they would be one long run. */
function craftBins(size: number, count: number): number[] {
  const bins: number[] = [];
  for (let key = 0; key < 2 ** 18 && bins.length < count; key++)
    if (((Math.imul(key, 0x9e3779b1) >>> 7) & (size - 1)) < size / 8) bins.push(key);
  return bins;
}

test.each([1_024, 8_192, 32_768])('%i bins chosen to lie in one place take little work each', (count) => {
  const table = createBinTable();
  const bins = craftBins(count * 4, count);
  for (const bin of bins) addToBin(table, bin, 1);
  for (const bin of bins) {
    const before = table.probes;
    addToBin(table, bin, 1);
    expect(table.probes - before).toBeLessThan(2 * MOST_PROBES);
  }
  expect(table.probes / bins.length).toBeLessThan(32);
  expect(sortedBins(table)).toEqual({
    keys: bins.toSorted((a, b) => a - b),
    counts: bins.map(() => 2),
  });
});

test('counts as a Map does, through growth, other factors and merges', () => {
  const key = fc.oneof(fc.nat(2 ** 18 - 1), fc.constantFrom(...craftBins(4_096, 400)));
  fc.assert(
    fc.property(fc.array(key, { maxLength: 1_200 }), fc.nat(1_200), (keys, cut) => {
      const whole = new Map<number, number>();
      const [one, two] = [createBinTable(), createBinTable()];
      for (const [i, bin] of keys.entries()) {
        whole.set(bin, (whole.get(bin) ?? 0) + 1);
        addToBin(i < cut ? one : two, bin, 1);
      }
      mergeBins(one, two);
      const sorted = [...whole].sort((a, b) => a[0] - b[0]);
      expect(sortedBins(one)).toEqual({ keys: sorted.map((e) => e[0]), counts: sorted.map((e) => e[1]) });
    }),
    { numRuns: 40 },
  );
});
