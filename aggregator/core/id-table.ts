/**
 * A first-in-first-out store of hashed ids in typed arrays: 16 bytes an id (two hash lanes and its time) plus a
 * sparse index of 4 bytes a slot. Entries are numbered by arrival and never move; the oldest go first. The lanes must
 * come from a keyed hash: an entry's slot follows from its first lane, and where the way to it gets longer than
 * `MOST_PROBES` slots, the index is built again with more room.
 */
export interface IdTable {
  /** Arrival number of the newest entry of these lanes; -1 when there is none. */
  find(a: number, b: number): number;
  push(a: number, b: number, ts: number): void;
  timeOf(entry: number): number;
  /** Forgets the oldest entry. */
  shift(): void;
  /** Keeps only the entries the test wants, in order; they are numbered again from `first`. */
  keep(test: (entry: number) => boolean): void;
  readonly first: number;
  readonly end: number;
  readonly capacity: number;
  /** Slots that were looked at since the beginning: the table's work, for whoever bounds it. */
  readonly probes: number;
}

interface Columns {
  a: Uint32Array;
  b: Uint32Array;
  ts: Float64Array;
  mask: number;
}

/** At three quarters of load random lanes stay below half of it, in a table of any size. */
export const MOST_PROBES = 1_024;
/** Slots an entry of the ring at most: beyond it lanes are equal where they should be random, and room is no help. */
const MOST_SPARSE = 64;

const columns = (capacity: number): Columns => ({
  a: new Uint32Array(capacity),
  b: new Uint32Array(capacity),
  ts: new Float64Array(capacity),
  mask: capacity - 1,
});

/** `capacity` must be a power of two; it doubles when needed. */
export function createIdTable(capacity = 1_024): IdTable {
  let ring = columns(capacity);
  // Slot = ring position + 1; a slot may point at a position that was left or taken again: then the lanes tell.
  let slots = new Int32Array(capacity * 2);
  let used = 0;
  let first = 0;
  let end = 0;
  let probes = 0;
  let lastSteps = 0;

  const entryAt = (slot: number): number => {
    const entry = first + ((slot - 1 - first) & ring.mask);
    return entry < end ? entry : -1;
  };
  /** The slot of these lanes, or the free one where they belong. */
  const seek = (a: number, b: number): number => {
    const wrap = slots.length - 1;
    let at = a & wrap;
    let steps = 1;
    for (; slots[at] !== 0; at = (at + 1) & wrap) {
      const entry = entryAt(slots[at]!);
      const r = entry & ring.mask;
      if (entry >= 0 && ring.a[r] === a && ring.b[r] === b) break;
      steps++;
    }
    probes += steps;
    lastSteps = steps;
    return at;
  };
  const index = (entry: number): void => {
    const r = entry & ring.mask;
    // An older entry of the same lanes gives its slot to the newer one.
    const at = seek(ring.a[r]!, ring.b[r]!);
    if (slots[at] === 0) used++;
    slots[at] = r + 1;
  };
  const rebuild = (size: number): void => {
    slots = new Int32Array(size);
    used = 0;
    for (let entry = first; entry < end; entry++) index(entry);
  };
  const write = (into: Columns, entry: number, a: number, b: number, ts: number): void => {
    const r = entry & into.mask;
    into.a[r] = a;
    into.b[r] = b;
    into.ts[r] = ts;
  };
  const copy = (into: Columns, to: number, entry: number): void => {
    const r = entry & ring.mask;
    write(into, to, ring.a[r]!, ring.b[r]!, ring.ts[r]!);
  };
  const grow = (): void => {
    const larger = columns((ring.mask + 1) * 2);
    for (let entry = first; entry < end; entry++) copy(larger, entry, entry);
    ring = larger;
    rebuild(slots.length * 2);
  };
  return {
    find(a, b) {
      const slot = slots[seek(a, b)]!;
      return slot === 0 ? -1 : entryAt(slot);
    },
    push(a, b, ts) {
      if (end - first > ring.mask) grow();
      if (used * 4 > slots.length * 3) rebuild(slots.length);
      write(ring, end, a, b, ts);
      end++;
      index(end - 1);
      // What was forgotten still takes slots: without it, and with more room, the way is short again.
      if (lastSteps > MOST_PROBES && slots.length < capacity * MOST_SPARSE) rebuild(slots.length * 2);
    },
    timeOf: (entry) => ring.ts[entry & ring.mask]!,
    shift() {
      first++;
    },
    keep(test) {
      let to = first;
      for (let entry = first; entry < end; entry++) if (test(entry)) copy(ring, to++, entry);
      end = to;
      rebuild(slots.length);
    },
    get first() {
      return first;
    },
    get end() {
      return end;
    },
    get capacity() {
      return ring.mask + 1;
    },
    get probes() {
      return probes;
    },
  };
}
