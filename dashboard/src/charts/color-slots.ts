export const SLOTS = 8;

/** Claims of so long after the first are taken together: which view is answered first is chance, colours are not. */
const TOGETHER = 1_000;

/** A place in the palette, shared by all traces of one key. */
export interface Slot {
  /** 1 to 8; 0 is "other". */
  number: number;
}

/**
 * Colours of one board: a series takes the lowest free slot and keeps it, so that filtering never recolours. Where all
 * are taken it shares the one that is shared least, never one of its own panel; the ninth of one panel is "other".
 * Only while the board opens may a number still change: then the order is that of the panels.
 */
export interface ColorSlots {
  /** `panel` and `index` order claims that come together: the panel's rank and the trace's place in it; `now` is any clock in ms. */
  claim(key: string, panel: number, index: number, now: number): Slot;
  /** The panel no longer draws the key; its slot is free when no other panel does. */
  release(key: string, panel: number): void;
  /** Grows whenever a number was changed after it was given out. */
  readonly version: number;
}

interface Claim {
  slot: Slot;
  /** The place in each panel that draws it, by the panel's rank. */
  places: Map<number, number>;
}

export function createColorSlots(): ColorSlots {
  const claims = new Map<string, Claim>();
  const opening = new Set<Claim>();
  let begun: number | null = null;
  let version = 0;

  function renumber(fresh: Claim): void {
    const before = [...opening].map((claim) => [claim, claim.slot.number] as const);
    for (const claim of opening) claim.slot.number = 0;
    for (const claim of [...opening].sort(byPlace)) claim.slot.number = choose(claim, claims.values());
    if (before.some(([claim, number]) => claim !== fresh && claim.slot.number !== number)) version++;
  }

  return {
    get version() {
      return version;
    },
    claim(key, panel, index, now) {
      begun ??= now;
      const together = now - begun <= TOGETHER;
      const known = claims.get(key);
      const claim = known ?? { slot: { number: 0 }, places: new Map() };
      const first = !claim.places.has(panel);
      if (first) claim.places.set(panel, index);
      claims.set(key, claim);
      if (together) opening.add(claim);
      else opening.clear();
      if (together && first) renumber(claim);
      else if (known === undefined) claim.slot.number = choose(claim, claims.values());
      return claim.slot;
    },
    release(key, panel) {
      const claim = claims.get(key);
      claim?.places.delete(panel);
      if (claim?.places.size !== 0) return;
      claims.delete(key);
      opening.delete(claim);
    },
  };
}

function choose(claim: Claim, all: Iterable<Claim>): number {
  const shared = new Array<number>(SLOTS + 1).fill(0);
  const near = new Set<number>();
  for (const other of all) {
    shared[other.slot.number]!++;
    for (const panel of claim.places.keys()) if (other.places.has(panel)) near.add(other.slot.number);
  }
  let best = 0;
  for (let number = 1; number <= SLOTS; number++)
    if (!near.has(number) && (best === 0 || shared[number]! < shared[best]!)) best = number;
  return best;
}

function byPlace(a: Claim, b: Claim): number {
  const [panel, other] = [Math.min(...a.places.keys()), Math.min(...b.places.keys())];
  return panel - other || a.places.get(panel)! - b.places.get(other)!;
}
