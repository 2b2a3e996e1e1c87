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

/** Names that a sender crafts to collide: probing further would cost more than an exact comparison. */
const MOST_STEPS = 16;

/**
 * Adds a number. Returns false if it is there, or may be there because too many others collide with it: the hashes are of
 * names that a sender chooses, and half of the slots are free.
 */
export function addHash(set: HashSet, value: number): boolean {
  const mask = set.values.length - 1;
  let slot = (value ^ (value >>> 15)) & mask;
  for (let steps = 0; set.marks[slot] === set.mark; steps++) {
    if (set.values[slot] === value || steps === MOST_STEPS) return false;
    slot = (slot + 1) & mask;
  }
  set.marks[slot] = set.mark;
  set.values[slot] = value;
  return true;
}
