/** How many block ids a partition remembers: a producer retries within seconds, so a repeat is close. */
export const RECENT_BLOCKS = 4_096;

/** The newest block ids by position, oldest first. */
export interface RecentBlocks {
  /** Whether the id is known: the block is a repeat. */
  has(id: string): boolean;
  add(id: string): void;
  list(): string[];
}

export function createRecentBlocks(restored: readonly string[]): RecentBlocks {
  const ids = new Set(restored);
  return {
    has: (id) => ids.has(id),
    add(id) {
      ids.add(id);
      // A Set iterates in order of insertion: its first is the oldest.
      if (ids.size <= RECENT_BLOCKS) return;
      const [oldest] = ids;
      ids.delete(oldest!);
    },
    list: () => [...ids],
  };
}
