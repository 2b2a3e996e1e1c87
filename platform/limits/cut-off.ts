/** Names that are not served at all for a while: the last resort against callers that stay far above their limit. */
export interface CutOff {
  add(name: string, now: number): void;
  has(name: string, now: number): boolean;
}

/** `time`: ms that it lasts. Beyond `cap` names none is added until others have expired, in favour of the caller. */
export function createCutOff(time: number, cap = 10_000): CutOff {
  const until = new Map<string, number>();
  const isOver = (end: number, now: number): boolean => now >= end || end - now > time;
  return {
    add(name, now) {
      if (until.size >= cap) {
        for (const [other, end] of until) if (isOver(end, now)) until.delete(other);
      }
      if (until.size < cap) until.set(name, now + time);
    },
    has(name, now) {
      const end = until.get(name);
      if (end === undefined) return false;
      if (!isOver(end, now)) return true;
      until.delete(name);
      return false;
    },
  };
}
