/** Receipts of events that are drawn but not yet painted. */
export interface Receipts {
  /** Whether somebody can see the panel; only then is there a pixel to measure to. */
  watch(seen: boolean): void;
  add(received: number): void;
  /** What has been painted by now; each receipt once. */
  take(): number[];
}

/** A frame brings a handful; beyond this the measure is of a page that does not paint. */
const MOST = 256;

export function createReceipts(): Receipts {
  let seen = false;
  let waiting: number[] = [];
  return {
    watch(now) {
      seen = now;
      if (!seen) waiting = [];
    },
    add(received) {
      if (seen && !document.hidden && waiting.length < MOST) waiting.push(received);
    },
    take() {
      const painted = waiting;
      waiting = [];
      return painted;
    },
  };
}
