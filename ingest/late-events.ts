import { isLate } from '#contracts/metric/pane.ts';
import type { CatalogFollower } from '#platform/definitions/follow.ts';
import { type LatenessOf, readLateness } from './core/latest-lateness.ts';

/** An event as it is judged: its name, and its time, epoch ms. */
export interface TimedEvent {
  event: string;
  ts: number;
}

/**
 * Says how many events of a block are too late for every metric that counts their names, by the rule of the fold (rule 2) and by
 * what this process has written to the partition. Where it is the only one that writes there, that is all there is.
 */
export interface LateEvents {
  /** To be called for each block of live events, in the order in which they go to the Log. Returns which are late. */
  judge(partition: number, events: readonly TimedEvent[], received: number): boolean[];
}

export function createLateEvents(follower: Pick<CatalogFollower, 'catalog' | 'next'>): LateEvents {
  const watermarks = new Map<number, number>();
  let known: { next: number; latenessOf: LatenessOf } | null = null;
  return {
    judge(partition, events, received) {
      if (known?.next !== follower.next)
        known = { next: follower.next, latenessOf: readLateness(follower.catalog) };
      const { latenessOf } = known;
      const watermark = watermarks.get(partition) ?? null;
      const late = events.map(({ event, ts }) => isLate(ts, latenessOf(event), watermark));
      const reached = events.reduce(
        (most, { ts }) => Math.max(most, Math.min(ts, received)),
        watermark ?? Number.NEGATIVE_INFINITY,
      );
      if (events.length > 0) watermarks.set(partition, reached);
      return late;
    },
  };
}
