/** The outcome of work that yields between slices, and how many slices it took. */
export function runSlices<T>(work: Generator<void, T>): { outcome: T; slices: number } {
  for (let slices = 1; ; slices++) {
    const { done, value } = work.next();
    if (done === true) return { outcome: value, slices };
  }
}
