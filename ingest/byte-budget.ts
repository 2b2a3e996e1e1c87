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
  const held = new Map<string, number>();
  let used = 0;
  const change = (sender: string, by: number): void => {
    const now = (held.get(sender) ?? 0) + by;
    if (now > 0) held.set(sender, now);
    else held.delete(sender);
    used += by;
    changed(used);
  };
  return {
    take(sender, bytes) {
      // One body is always let in, so that a limit below a body's size does not block for ever.
      if (used > 0 && used + bytes > limit) return 'full';
      const own = held.get(sender) ?? 0;
      if (own > 0 && own + bytes > share) return 'sender full';
      change(sender, bytes);
      return 'taken';
    },
    give: (sender, bytes) => change(sender, -bytes),
    used: () => used,
  };
}
