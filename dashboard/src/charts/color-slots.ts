export const SLOTS = 8;

/** Colours of one board: a series takes the lowest free slot and keeps it, so that filtering never recolours. */
export interface ColorSlots {
  /** 1 to 8, or 0 for "other" when all are taken. */
  claim(key: string): number;
}

export function createColorSlots(): ColorSlots {
  const taken = new Map<string, number>();
  return {
    claim(key) {
      const known = taken.get(key);
      if (known !== undefined) return known;
      const slot = taken.size < SLOTS ? taken.size + 1 : 0;
      if (slot > 0) taken.set(key, slot);
      return slot;
    },
  };
}
