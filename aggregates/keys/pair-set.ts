/** A set of pairs of unsigned 32-bit integers: open addressing over one typed array, doubled at half load. */
export interface PairSet {
  /** Pairs flat; (0, 0) is a free slot. */
  pairs: Uint32Array;
  used: number;
  /** Whether (0, 0) itself is in the set. */
  zero: boolean;
}

export const createPairSet = (): PairSet => ({ pairs: new Uint32Array(8), used: 0, zero: false });

export const pairCount = (set: PairSet): number => set.used + (set.zero ? 1 : 0);

export function addPair(set: PairSet, first: number, second: number): void {
  if (first === 0 && second === 0) {
    set.zero = true;
    return;
  }
  const { pairs } = set;
  const mask = pairs.length / 2 - 1;
  let slot = first & mask;
  while (pairs[2 * slot] !== 0 || pairs[2 * slot + 1] !== 0) {
    if (pairs[2 * slot] === first && pairs[2 * slot + 1] === second) return;
    slot = (slot + 1) & mask;
  }
  pairs[2 * slot] = first;
  pairs[2 * slot + 1] = second;
  set.used += 1;
  if (set.used * 4 > pairs.length) grow(set);
}

function grow(set: PairSet): void {
  const larger: PairSet = { pairs: new Uint32Array(set.pairs.length * 2), used: 0, zero: set.zero };
  forEachPair({ ...set, zero: false }, (first, second) => addPair(larger, first, second));
  set.pairs = larger.pairs;
}

export function forEachPair(set: PairSet, visit: (first: number, second: number) => void): void {
  if (set.zero) visit(0, 0);
  for (let i = 0; i < set.pairs.length; i += 2) {
    const [first, second] = [set.pairs[i]!, set.pairs[i + 1]!];
    if (first !== 0 || second !== 0) visit(first, second);
  }
}

/** Flat, ascending by the first, then the second: the canonical form. */
export function sortedPairs(set: PairSet): number[] {
  const list: [number, number][] = [];
  forEachPair(set, (first, second) => list.push([first, second]));
  return list.sort((a, b) => a[0] - b[0] || a[1] - b[1]).flat();
}
