/**
 * Does the work for every item, one after the other; a failure does not stop the items after it. Rejects with the
 * first failure when all have had their turn.
 */
export async function eachApart<T>(items: Iterable<T>, work: (item: T) => Promise<unknown>): Promise<void> {
  const failures: unknown[] = [];
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** Closes the last opened first. One that fails must not keep the others open; the first failure is thrown when all were tried. */
export const closeAll = (closers: readonly (() => Promise<unknown>)[]): Promise<void> =>
  eachApart(closers.toReversed(), (close) => close());
