/** Counts by name, and in total. A name whose count is zero is not kept. */
export interface NameCounts {
  readonly all: number;
  of(name: string): number;
  /** `n` may be negative. */
  add(name: string, n: number): void;
}

export function createNameCounts(): NameCounts {
  const names = new Map<string, number>();
  let all = 0;
  return {
    get all() {
      return all;
    },
    of: (name) => names.get(name) ?? 0,
    add(name, n) {
      all += n;
      const now = (names.get(name) ?? 0) + n;
      if (now > 0) names.set(name, now);
      else names.delete(name);
    },
  };
}
