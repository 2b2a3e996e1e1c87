/**
 * Counts by small non-negative integer key: open addressing with linear probing over two typed arrays, doubled
 * at half load, so that adding is O(1) amortised and a table of few bins is small.
 */
export interface BinTable {
  /** Key + 1 of each slot; 0 is a free slot. */
  slots: Int32Array;
  counts: Float64Array;
  used: number;
}

const SMALLEST = 8;

/** `bins`: how many are about to be added, so that it need not grow for them. */
export function createBinTable(bins = 0): BinTable {
  let size = SMALLEST;
  while (size < bins * 2) size *= 2;
  return allocate(size);
}

function allocate(size: number): BinTable {
  return { slots: new Int32Array(size), counts: new Float64Array(size), used: 0 };
}

export function addToBin(table: BinTable, key: number, by: number): void {
  const mask = table.slots.length - 1;
  // Fibonacci hashing (Knuth, TAOCP 3, 6.4): neighbouring bins spread over the table.
  let slot = (Math.imul(key, 0x9e3779b1) >>> 7) & mask;
  while (table.slots[slot] !== 0 && table.slots[slot] !== key + 1) slot = (slot + 1) & mask;
  if (table.slots[slot] === 0) {
    table.slots[slot] = key + 1;
    table.used += 1;
  }
  table.counts[slot] = table.counts[slot]! + by;
  if (table.used * 2 > table.slots.length) resize(table, table.slots.length * 2);
}

/** Adds every bin of `from`, in room made at once: slots of a larger table in order would crowd a smaller one. */
export function mergeBins(into: BinTable, from: BinTable): void {
  if (into.slots.length < from.slots.length) resize(into, from.slots.length);
  forEachBin(from, (key, count) => addToBin(into, key, count));
}

function resize(table: BinTable, size: number): void {
  const larger = allocate(size);
  forEachBin(table, (key, count) => addToBin(larger, key, count));
  table.slots = larger.slots;
  table.counts = larger.counts;
}

export function forEachBin(table: BinTable, visit: (key: number, count: number) => void): void {
  for (let slot = 0; slot < table.slots.length; slot++) {
    const key = table.slots[slot]!;
    if (key !== 0) visit(key - 1, table.counts[slot]!);
  }
}

/** Keys in ascending order with their counts: the canonical form. */
export function sortedBins(table: BinTable): { keys: number[]; counts: number[] } {
  const pairs: [number, number][] = [];
  forEachBin(table, (key, count) => pairs.push([key, count]));
  pairs.sort((a, b) => a[0] - b[0]);
  return { keys: pairs.map((p) => p[0]), counts: pairs.map((p) => p[1]) };
}
