import type { Progress } from './progress.ts';

/**
 * The join (docs/RULES.md): updates are tailed from their end, so states published before it and not committed yet were
 * missed. Once every partition has committed past the end that its events had then, the Store holds them all, and
 * what was read earlier is read once more. The join also waits for the first facts of every partition, since views reach as far as
 * their `asOf`.
 */
export class Join {
  readonly #ends: ReadonlyMap<number, number>;
  #done = false;

  constructor(ends: ReadonlyMap<number, number>) {
    this.#ends = ends;
  }

  get done(): boolean {
    return this.#done;
  }

  /** Returns true once: when the second read is due. */
  complete(progress: Progress): boolean {
    if (this.#done || this.missing(progress) !== null) return false;
    this.#done = true;
    return true;
  }

  /** Returns what the join waits for, for `/ready`; null when it is done. */
  missing(progress: Progress): string | null {
    if (this.#done) return null;
    for (const [partition, end] of this.#ends) {
      const at = progress.committed(String(partition));
      if (at < end)
        return `events partition ${partition} is stored up to ${at}; the gateway waits for ${end}`;
    }
    if (progress.lowest('asOf') === null)
      return 'some events partitions have no aggregator that reports them';
    return null;
  }
}
