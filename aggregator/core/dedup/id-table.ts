/**
 * A first-in-first-out store of hashed ids in typed arrays: 16 bytes an id (two hash lanes and its time) plus a
 * sparse index of 4 bytes a slot. Entries are numbered by arrival and never move; the oldest go first. The lanes must
 * come from a keyed hash: an entry's slot follows from its first lane, and where a probe gets longer than `MOST_PROBES`
 * slots, the index is rebuilt with more room. Re-indexing is incremental: each push moves a few entries to the new index,
 * so a million ids are never indexed in one call.
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
  /** Slots examined since the table was created: the table's work, so that callers can bound it. */
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

/** Entries that a push takes over from the old index. The new one has room for twice the entries, so it is done long before that is full. */
const TAKEN_OVER = 16;

/** An index that is left: it finds the entries below `end`. The new one has those from `left` on: the newest are taken over first. */
interface OldIndex {
  slots: Int32Array;
  mask: number;
  left: number;
  end: number;
}

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
  let old: OldIndex | null = null;

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
  /** An older entry of the same lanes gives its slot to the newer one. */
  const index = (entry: number): void => {
    const r = entry & ring.mask;
    const at = seek(ring.a[r]!, ring.b[r]!);
    if (slots[at] === 0) used++;
    else if (entryAt(slots[at]!) > entry) return;
    slots[at] = r + 1;
  };
  /** The entry of these lanes in the old index; -1 when there is none. */
  const findOld = ({ slots: known, mask, end: before }: OldIndex, a: number, b: number): number => {
    const wrap = known.length - 1;
    for (let at = a & wrap; known[at] !== 0; at = (at + 1) & wrap) {
      probes++;
      const entry = first + ((known[at]! - 1 - first) & mask);
      const r = entry & ring.mask;
      if (entry < before && ring.a[r] === a && ring.b[r] === b) return entry;
    }
    return -1;
  };
  const migrateOld = (most: number): void => {
    if (old === null) return;
    const until = Math.max(first, old.left - most);
    while (old.left > until) index(--old.left);
    if (old.left <= first) old = null;
  };
  const renew = (size: number, mask: number): void => {
    migrateOld(Number.POSITIVE_INFINITY);
    if (end > first) old = { slots, mask, left: end, end };
    slots = new Int32Array(size);
    used = 0;
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
    const { mask } = ring;
    // Its positions are those of this ring.
    migrateOld(Number.POSITIVE_INFINITY);
    const larger = columns((mask + 1) * 2);
    // The ring is full: its two halves are copied in order, from the oldest entry on.
    for (let from = first; from < end; ) {
      const to = Math.min(end, from + (mask + 1) - (from & mask));
      for (const name of ['a', 'b', 'ts'] as const)
        larger[name].set(ring[name].subarray(from & mask, (from & mask) + to - from), from & larger.mask);
      from = to;
    }
    ring = larger;
    renew(slots.length * 2, mask);
  };
  return {
    find(a, b) {
      const slot = slots[seek(a, b)]!;
      if (slot !== 0) return entryAt(slot);
      return old === null ? -1 : findOld(old, a, b);
    },
    push(a, b, ts) {
      if (end - first > ring.mask) grow();
      if (used * 4 > slots.length * 3) renew(slots.length, ring.mask);
      write(ring, end, a, b, ts);
      end++;
      index(end - 1);
      // Forgotten entries still take slots: without them, and with more room, probes are short again.
      if (lastSteps > MOST_PROBES && slots.length < capacity * MOST_SPARSE)
        renew(slots.length * 2, ring.mask);
      migrateOld(TAKEN_OVER);
    },
    timeOf: (entry) => ring.ts[entry & ring.mask]!,
    shift() {
      first++;
    },
    keep(test) {
      let to = first;
      for (let entry = first; entry < end; entry++) if (test(entry)) copy(ring, to++, entry);
      end = to;
      old = null;
      slots = new Int32Array(slots.length);
      used = 0;
      for (let entry = first; entry < end; entry++) index(entry);
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
