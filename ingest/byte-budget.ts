/** Bytes held by requests that are not answered yet: what bounds ingest's memory. */
export interface ByteBudget {
  /** Takes bytes if there is room. */
  take(bytes: number): boolean;
  give(bytes: number): void;
  used(): number;
}

export function createByteBudget(limit: number, changed: (used: number) => void): ByteBudget {
  let used = 0;
  return {
    take(bytes) {
      // One body is always let in, so that a limit below a body's size does not block for ever.
      if (used > 0 && used + bytes > limit) return false;
      used += bytes;
      changed(used);
      return true;
    },
    give(bytes) {
      used -= bytes;
      changed(used);
    },
    used: () => used,
  };
}
