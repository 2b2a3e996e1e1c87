import { createNameCounts } from '#platform/limits/name-counts.ts';

/** Bytes held by requests that are not answered yet; it bounds the memory of ingest. */
export interface ByteBudget {
  /** Holds bytes for a sender if there is room; otherwise returns which room is missing. */
  acquire(sender: string, bytes: number): 'acquired' | 'sender full' | 'full';
  release(sender: string, bytes: number): void;
  used(): number;
}

/**
 * `limit` for all, and `share` of it for one sender, so that a sender that is slow, or sends too much, blocks no other.
 */
export function createByteBudget(
  { limit, share }: { limit: number; share: number },
  changed: (used: number) => void,
): ByteBudget {
  const held = createNameCounts();
  const change = (sender: string, by: number): void => {
    held.add(sender, by);
    changed(held.all);
  };
  return {
    acquire(sender, bytes) {
      // One body is always accepted, so that a limit below a body's size does not block for ever.
      if (held.all > 0 && held.all + bytes > limit) return 'full';
      const own = held.of(sender);
      if (own > 0 && own + bytes > share) return 'sender full';
      change(sender, bytes);
      return 'acquired';
    },
    release: (sender, bytes) => change(sender, -bytes),
    used: () => held.all,
  };
}
