const KEPT = 256;

/** When the newest changes of a view were received, by the cursor offset of each; bounded, so an old cursor learns less. */
export class RecentReceipts {
  readonly #entries: { mark: number; received: number }[] = [];

  add(mark: number, received: number): void {
    const last = this.#entries.at(-1);
    if (last?.mark === mark) last.received = Math.min(last.received, received);
    else if (this.#entries.push({ mark, received }) > KEPT) this.#entries.shift();
  }

  /** The oldest receipt after a cursor, epoch ms; null when there is none. */
  oldestSince(cursor: number): number | null {
    let oldest: number | null = null;
    for (const { mark, received } of this.#entries) {
      if (mark > cursor) oldest = oldest === null ? received : Math.min(oldest, received);
    }
    return oldest;
  }
}
