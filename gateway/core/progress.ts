import type { CommitRow } from '#contracts/log/rows.ts';
import type { FactsUpdate, PartitionProgress } from '#contracts/log/update.ts';

type Time = 'asOf' | 'shown' | 'watermark';

interface PartitionState extends PartitionProgress {
  /** Up to when results are in the Store and are not expected to change, epoch ms. */
  settled: number | null;
  /** A `shown` that will be settled once all that had been folded then is committed. */
  due: { next: number; shown: number | null } | null;
}

/**
 * How far the partitions of the events topic are, from the facts of the updates prefix. Each value only grows:
 * an aggregator that restores a partition repeats older ones.
 */
export class Progress {
  readonly partitions: number;
  readonly #of = new Map<number, PartitionState>();
  #stored: number | null = null;

  constructor(partitions: number) {
    this.partitions = partitions;
  }

  /** What the Store knows before the first facts come. */
  start(commits: readonly CommitRow[]): void {
    for (const { part, next, facts } of commits) {
      this.#merge({
        partition: part,
        next,
        committed: next,
        watermark: facts.watermark,
        asOf: null,
        shown: null,
      });
      this.#of.get(part)!.settled = facts.watermark;
      this.#stored = later(this.#stored, facts.watermark);
    }
  }

  apply(facts: FactsUpdate): void {
    for (const partition of facts.partitions) this.#merge(partition);
  }

  /** P of a source partition; rows of a back-fill (`~3`) come from the Store only. */
  committed(part: string): number {
    return part.startsWith('~') ? Number.POSITIVE_INFINITY : (this.#of.get(Number(part))?.committed ?? 0);
  }

  /** Offset after the last folded block of a partition. */
  next(partition: number): number {
    return this.#of.get(partition)?.next ?? 0;
  }

  /** The minimum over partitions; null while one of them has none. */
  lowest(time: Time | 'settled'): number | null {
    let low: number | null = null;
    for (let p = 0; p < this.partitions; p++) {
      const value = this.#of.get(p)?.[time] ?? null;
      if (value === null) return null;
      low = low === null ? value : Math.min(low, value);
    }
    return low;
  }

  /** Up to when views reach: the lowest `asOf`; before all partitions have told, the newest committed watermark. */
  reach(): number | null {
    return this.lowest('asOf') ?? this.#stored;
  }

  #merge(p: PartitionProgress): void {
    const known = this.#of.get(p.partition) ?? { ...p, settled: null, due: null };
    this.#of.set(p.partition, known);
    known.next = Math.max(known.next, p.next);
    known.committed = Math.max(known.committed, p.committed);
    known.watermark = later(known.watermark, p.watermark);
    known.asOf = later(known.asOf, p.asOf);
    known.shown = later(known.shown, p.shown);
    known.due ??= { next: p.next, shown: p.shown };
    if (known.committed < known.due.next) return;
    known.settled = later(known.settled, known.due.shown);
    known.due = null;
  }
}

const later = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b);
