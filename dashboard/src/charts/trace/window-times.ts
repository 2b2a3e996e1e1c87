/**
 * When the windows of a set of traces are, by their numbers. A window is drawn from where the one before ends to its own end: all
 * of it, or of windows that overlap the part that is new.
 */
export interface WindowTimes {
  /** Length of a window, ms: the mean where they differ; 0 before the first contents. */
  readonly length: number;
  /** Where the drawn part of a window begins, which is where the one before ends, epoch ms. */
  startOf(index: number): number;
  /** Where a window itself begins, epoch ms: before its drawn part where windows overlap. */
  beginOf(index: number): number;
  /** Returns the number of the window whose drawn part holds a time. */
  indexAt(time: number): number;
  /** The number of a window by its start as frames name it. */
  indexOf(start: number): number;
}

interface EvenWindows {
  /** Time from one window to the next, ms. */
  every: number;
  /** Length of a window, ms; default: `every`. */
  size?: number;
  /** Start of any window, epoch ms: windows of a period begin with it. Default: the epoch. */
  anchor?: number;
}

/** Windows of one length; their numbers count from the epoch, so that they stay the same as time goes on. */
export function evenTimes({ every, size = every, anchor = 0 }: EvenWindows): WindowTimes {
  const origin = anchor - Math.floor(anchor / every) * every;
  const drawn = origin + size - every;
  return {
    length: size,
    startOf: (index) => index * every + drawn,
    beginOf: (index) => index * every + origin,
    indexAt: (time) => Math.floor((time - drawn) / every),
    indexOf: (start) => Math.floor((start - origin) / every),
  };
}

/** Windows of any lengths, given as the start of each and the end of the last; the first has the number 0. */
export function listedTimes(bounds: readonly number[]): WindowTimes {
  const [first, count] = [bounds[0]!, bounds.length - 1];
  const end = bounds[count]!;
  const length = (end - first) / count;
  // Beyond the list they go on in their mean length.
  const startOf = (index: number): number =>
    index < 0 ? first + index * length : (bounds[index] ?? end + (index - count) * length);
  function indexAt(time: number): number {
    if (time < first) return Math.floor((time - first) / length);
    if (time >= end) return count + Math.floor((time - end) / length);
    let [low, high] = [0, count];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (bounds[middle]! <= time) low = middle;
      else high = middle;
    }
    return low;
  }
  return { length, startOf, beginOf: startOf, indexAt, indexOf: indexAt };
}

/** Before the first contents. */
const nothing = (): number => 0;
export const NO_TIMES: WindowTimes = {
  ...{ length: 0, startOf: nothing, beginOf: nothing, indexAt: nothing, indexOf: nothing },
};
