export const SLOTS = 8;

/** The first colours are the farthest apart, for every eye and in both themes: a panel of at most this many traces needs only them. */
const FARTHEST = 4;

/** A place in the palette, shared by all traces of one key. */
export interface Slot {
  /** 1 to 8; 0 is "other". */
  number: number;
}

/**
 * Colours of one board. A key has one colour on all of it: the first of its own order of the palette that no key beside
 * it in a panel has. The order of choosing depends only on the keys and the panels that draw them, so that every load of the
 * board gives the same colours, whatever the order of its answers. Later a colour stays: new keys take the free ones.
 */
export interface ColorSlots {
  /** Sets what a panel draws. Returns one slot for each key; more than eight in one panel are "other". */
  claim(panel: string, keys: readonly string[]): Slot[];
  /** The panel is gone. */
  leave(panel: string): void;
  /** Grows whenever a number was changed after it was given out. */
  readonly version: number;
}

export function createColorSlots(): ColorSlots {
  const panels = new Map<string, Set<string>>();
  const slots = new Map<string, Slot>();
  let version = 0;

  function neighboursOf(key: string): Set<string> {
    const near = new Set<string>();
    for (const keys of panels.values()) if (keys.has(key)) for (const other of keys) near.add(other);
    near.delete(key);
    return near;
  }

  /** Keys between many others choose first: those that are left have room. */
  function number(keys: Iterable<string>): void {
    const order = [...keys].map((key) => ({ key, near: neighboursOf(key), hash: hashOf(key) }));
    order.sort((a, b) => b.near.size - a.near.size || a.hash - b.hash || (a.key < b.key ? -1 : 1));
    for (const { key, near, hash } of order) {
      const taken = new Set([...near].map((other) => slots.get(other)?.number));
      slots.get(key)!.number = preferenceOf(hash).find((one) => !taken.has(one)) ?? 0;
    }
  }

  function renumber(): void {
    const before = new Map([...slots].map(([key, slot]) => [key, slot.number]));
    for (const slot of slots.values()) slot.number = 0;
    number(slots.keys());
    for (const [key, slot] of slots) if (before.get(key) !== 0 && before.get(key) !== slot.number) version++;
  }

  function forgetUnused(): void {
    for (const key of slots.keys())
      if (![...panels.values()].some((keys) => keys.has(key))) slots.delete(key);
  }

  /** Two keys that had one colour in different panels now meet in this one. */
  const clash = (keys: Iterable<string>): boolean => {
    const numbers = [...keys].map((key) => slots.get(key)!.number).filter((one) => one !== 0);
    return new Set(numbers).size < numbers.length;
  };

  return {
    get version() {
      return version;
    },
    claim(panel, keys) {
      const opens = !panels.has(panel);
      const own = new Set(keys);
      panels.set(panel, own);
      forgetUnused();
      for (const key of own) if (!slots.has(key)) slots.set(key, { number: 0 });
      if (opens || clash(own)) renumber();
      else number([...own].filter((key) => slots.get(key)!.number === 0));
      return keys.map((key) => slots.get(key)!);
    },
    leave(panel) {
      panels.delete(panel);
      forgetUnused();
    },
  };
}

/** The far ones in an order that the key decides, then the others as they come. */
function preferenceOf(hash: number): number[] {
  const far = Array.from({ length: FARTHEST }, (_, i) => ((hash + i) % FARTHEST) + 1);
  return [...far, ...Array.from({ length: SLOTS - FARTHEST }, (_, i) => FARTHEST + 1 + i)];
}

/** FNV-1a (Fowler, Noll, Vo) over code units, with a final mix so that the low bits depend on all of the text. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return (hash ^ (hash >>> 16)) >>> 0;
}
