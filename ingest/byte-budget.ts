import { createNameCounts } from '#platform/limits/name-counts.ts';

/** Bytes held by requests that are not answered yet: what bounds ingest's memory. */
export interface ByteBudget {
  /** Takes bytes for a sender if there is room; which room is missing, where there is none. */
  take(sender: string, bytes: number): 'taken' | 'sender full' | 'full';
  give(sender: string, bytes: number): void;
  used(): number;
}

/**
 * `limit` for all, and `share` of it for one sender, so that who sends slowly, or too much, holds up nobody but itself.
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
    take(sender, bytes) {
      // One body is always let in, so that a limit below a body's size does not block for ever.
      if (held.all > 0 && held.all + bytes > limit) return 'full';
      const own = held.of(sender);
      if (own > 0 && own + bytes > share) return 'sender full';
      change(sender, bytes);
      return 'taken';
    },
    give: (sender, bytes) => change(sender, -bytes),
    used: () => held.all,
  };
}
