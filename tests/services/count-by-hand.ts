import type { CrashEvent, Workload } from '../crash/crash-workload.ts';

/** A naive count of what a workload has handed out, kept as it goes. */
export interface HandCount {
  readonly workload: Workload;
  /** Events of a shop in a window of a second that were handed out so far: no board may show more. */
  sent(shop: string, window: number): number;
}

const WINDOW = 1_000;

export function countByHand(workload: Workload): HandCount {
  const counted = new Set<string>();
  const counts = new Map<string, number>();
  const take = ({ id, timestamp, properties }: CrashEvent): void => {
    if (counted.has(id)) return;
    counted.add(id);
    const cell = keyOf(properties.shop, Math.floor(timestamp / WINDOW) * WINDOW);
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  };
  return {
    workload: {
      ...workload,
      next(now) {
        const batch = workload.next(now);
        for (const event of batch) take(event);
        return batch;
      },
    },
    sent: (shop, window) => counts.get(keyOf(shop, window)) ?? 0,
  };
}

const keyOf = (shop: string, window: number): string => `${shop}|${window}`;
