/**
 * Counts by small non-negative integer key: open addressing with linear probing over two typed arrays, doubled
 * at half load, so that adding is O(1) amortised and a table of few bins is small. Values determine their bins, so a sender
 * can aim them at one place of the table: where probes get long, the bins are spread by another factor.
 */
export interface BinTable {
  /** Key + 1 of each slot; 0 is a free slot. */
  slots: Int32Array;
  counts: Float64Array;
  used: number;
  /** Odd; what spreads the keys. */
  factor: number;
  /** Slots examined since the table was created. */
  probes: number;
}

const SMALLEST = 8;
/** Fibonacci hashing (Knuth, TAOCP 3, 6.4): neighbouring bins spread over the table. */
const FIRST_FACTOR = 0x9e3779b1;
/** Longest probe before the table is rebuilt with another factor; at half load only bins crafted to collide exceed it. */
export const MOST_PROBES = 128;

/** `bins`: how many are about to be added, so that it need not grow for them. */
export function createBinTable(bins = 0): BinTable {
  let size = SMALLEST;
  while (size < bins * 2) size *= 2;
  return allocate(size);
}

function allocate(size: number): BinTable {
  return {
    slots: new Int32Array(size),
    counts: new Float64Array(size),
    used: 0,
    factor: FIRST_FACTOR,
    probes: 0,
  };
}

export function addToBin(table: BinTable, key: number, by: number): void {
  const mask = table.slots.length - 1;
  let slot = (Math.imul(key, table.factor) >>> 7) & mask;
  let steps = 1;
  for (; table.slots[slot] !== 0 && table.slots[slot] !== key + 1; steps++) slot = (slot + 1) & mask;
  table.probes += steps;
  if (table.slots[slot] === 0) {
    table.slots[slot] = key + 1;
    table.used += 1;
  }
  table.counts[slot] = table.counts[slot]! + by;
  if (table.used * 2 > table.slots.length) resize(table, table.slots.length * 2, table.factor);
  // Odd times odd is odd.
  else if (steps > MOST_PROBES) resize(table, table.slots.length, Math.imul(table.factor, FIRST_FACTOR));
}

/** Adds every bin of `from`, in room made at once: slots of a larger table in order would crowd a smaller one. */
export function mergeBins(into: BinTable, from: BinTable): void {
  if (into.slots.length < from.slots.length) resize(into, from.slots.length, into.factor);
  forEachBin(from, (key, count) => addToBin(into, key, count));
}

function resize(table: BinTable, size: number, factor: number): void {
  const other = { ...allocate(size), factor };
  forEachBin(table, (key, count) => addToBin(other, key, count));
  table.slots = other.slots;
  table.counts = other.counts;
  table.factor = other.factor;
  table.probes += other.probes;
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
