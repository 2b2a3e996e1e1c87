/** Receipts of events that are drawn but not yet painted. */
export interface Receipts {
  /**
   * What was received at `from` or later (server time) is live and counts: what came earlier is the backlog of a view,
   * a tab or a link that has just opened. Null while the panel is not visible.
   */
  watch(from: number | null): void;
  add(received: number): void;
  /** Returns what the current drawing shows; each receipt once. */
  drain(): number[];
}

/** A frame brings a handful; beyond this the measure is of a page that does not paint. */
const MOST = 256;

export function createReceipts(): Receipts {
  let live: number | null = null;
  let waiting: number[] = [];
  return {
    watch(from) {
      live = from;
      waiting = [];
    },
    add(received) {
      if (live !== null && received >= live && waiting.length < MOST) waiting.push(received);
    },
    drain() {
      const drawn = waiting;
      waiting = [];
      return drawn;
    },
  };
}
