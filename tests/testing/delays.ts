/** Delays in ms and their percentiles, by nearest rank. */
export function createDelays() {
  let delays: number[] = [];
  const at = (sorted: readonly number[], share: number): number | null => {
    const found = sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))];
    return found === undefined ? null : Math.round(found * 10) / 10;
  };
  return {
    add(ms: number): void {
      delays.push(ms);
    },
    clear(): void {
      delays = [];
    },
    get count(): number {
      return delays.length;
    },
    summary() {
      const sorted = delays.toSorted((a, b) => a - b);
      return { count: sorted.length, p50: at(sorted, 0.5), p99: at(sorted, 0.99), most: at(sorted, 1) };
    },
  };
}
