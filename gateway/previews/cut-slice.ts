import { floorTo } from '#contracts/metric/pane.ts';

export interface SliceBounds {
  /** Where the slice ends, and where it may begin at the earliest, epoch ms. */
  end: number;
  floor: number;
  /** Slices begin at multiples of it, ms. */
  step: number;
  /** Events that a slice should have at the most. */
  most: number;
  /** A length to begin with, ms. */
  length: number;
  count(from: number, to: number): Promise<number>;
}

/** A slice grows by this at a time: the time before may hold far more events. */
const GROWTH = 16;

/**
 * Returns the start of the slice before `end` that has about as many events as it may, and how many it has. One step may have
 * more. Each look counts what it would read, which costs a fraction of it.
 */
export async function cutSlice(bounds: SliceBounds): Promise<{ from: number; events: number }> {
  const { end, floor, step, most, count } = bounds;
  const startAt = (length: number): number => Math.max(floor, floorTo(end - Math.max(length, 1), step));
  let from = startAt(bounds.length);
  let isShrunk = false;
  for (;;) {
    const events = await count(from, end);
    const share = events === 0 ? GROWTH : Math.min(GROWTH, most / events);
    // A step at least is left out, so that this ends.
    const next =
      share < 1 ? Math.max(startAt((end - from) * share), from + step) : startAt((end - from) * share);
    if (share < 1 && next < end) isShrunk = true;
    else if (share < 2 || isShrunk || next >= from) return { from, events };
    from = next;
  }
}
