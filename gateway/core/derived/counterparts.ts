import { startsOf, type Timeline } from '#contracts/view/timeline.ts';

/** Which window of one range belongs to which of another with as many windows: those at the same index. */
export interface Counterparts {
  toOther(start: number): number | undefined;
  toOwn(start: number): number | undefined;
}

export function pairWindows(own: Timeline, other: Timeline): Counterparts {
  if (own.windows.kind === 'grid' && other.windows.kind === 'grid') {
    const shift = other.first - own.first;
    return { toOther: (start) => start + shift, toOwn: (start) => start - shift };
  }
  const [starts, others] = [[...startsOf(own)], [...startsOf(other)]];
  const toOther = new Map(starts.map((start, i) => [start, others[i]]));
  const toOwn = new Map(others.map((start, i) => [start, starts[i]]));
  return { toOther: (start) => toOther.get(start), toOwn: (start) => toOwn.get(start) };
}
