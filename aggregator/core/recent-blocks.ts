/** How many block ids a partition remembers: a producer retries within seconds, so a repeat lies close. */
export const RECENT_BLOCKS = 4_096;

/** The newest block ids by position, oldest first. */
export interface RecentBlocks {
  has(id: string): boolean;
  /** False when the id is known: the block is a repeat. */
  admit(id: string): boolean;
  list(): string[];
}

export function createRecentBlocks(restored: readonly string[]): RecentBlocks {
  const ids = new Set(restored);
  return {
    has: (id) => ids.has(id),
    admit(id) {
      if (ids.has(id)) return false;
      ids.add(id);
      // A Set iterates in order of insertion: its first is the oldest.
      if (ids.size > RECENT_BLOCKS) for (const oldest of ids) return ids.delete(oldest);
      return true;
    },
    list: () => [...ids],
  };
}
