export const SLOTS = 8;

/** Claims of so long after the first are taken together: which view is answered first is chance, colours are not. */
const TOGETHER = 1_000;

/** A place in the palette, shared by all traces of one key. */
export interface Slot {
  /** 1 to 8; 0 is "other". */
  number: number;
}

/**
 * Colours of one board: a series takes the lowest free slot and keeps it, so that filtering never recolours.
 * Only while the board opens may a number still change: then the order is that of the panels.
 */
export interface ColorSlots {
  /** `rank` orders claims that come together; `now` is any clock in ms. */
  claim(key: string, rank: number, now: number): Slot;
  /** Grows whenever a number was changed after it was given out. */
  readonly version: number;
}

interface Claim {
  rank: number;
  slot: Slot;
}

export function createColorSlots(): ColorSlots {
  const claims = new Map<string, Claim>();
  const opening: Claim[] = [];
  let begun: number | null = null;
  let version = 0;
  return {
    get version() {
      return version;
    },
    claim(key, rank, now) {
      const known = claims.get(key);
      if (known !== undefined) return known.slot;
      begun ??= now;
      const slot = { number: claims.size < SLOTS ? claims.size + 1 : 0 };
      claims.set(key, { rank, slot });
      if (now - begun > TOGETHER) return slot;
      opening.push({ rank, slot });
      opening.sort((a, b) => a.rank - b.rank);
      for (const [i, claim] of opening.entries()) {
        const number = i < SLOTS ? i + 1 : 0;
        if (claim.slot.number === number) continue;
        claim.slot.number = number;
        version++;
      }
      return slot;
    },
  };
}
