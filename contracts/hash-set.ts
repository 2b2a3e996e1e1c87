/** A set of 32-bit numbers that is emptied in O(1): a slot counts only if its mark is the current one. */
export interface HashSet {
  values: Int32Array;
  marks: Int32Array;
  mark: number;
}

/** Holds up to `capacity` numbers at half load. */
export function createHashSet(capacity: number): HashSet {
  const slots = 2 ** Math.ceil(Math.log2(Math.max(8, capacity * 2)));
  return { values: new Int32Array(slots), marks: new Int32Array(slots), mark: 1 };
}

export function clearHashes(set: HashSet): void {
  if (set.mark === 0x7fffffff) {
    set.marks.fill(0);
    set.mark = 0;
  }
  set.mark++;
}

/** Adds a number; false if it was there. */
export function addHash(set: HashSet, value: number): boolean {
  const mask = set.values.length - 1;
  let slot = (value ^ (value >>> 15)) & mask;
  while (set.marks[slot] === set.mark) {
    if (set.values[slot] === value) return false;
    slot = (slot + 1) & mask;
  }
  set.marks[slot] = set.mark;
  set.values[slot] = value;
  return true;
}
