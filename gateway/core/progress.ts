import { type CommitRow, isFilledIn } from '#contracts/log/rows.ts';
import type { FactsUpdate, PartitionProgress } from '#contracts/log/update.ts';
import { maxKnown, minKnown } from '#contracts/min-known.ts';

type Time = 'asOf' | 'shown' | 'watermark';

interface PartitionState extends PartitionProgress {
  /** Up to when results are in the Store and are not expected to change, epoch ms. */
  settled: number | null;
  /** A `shown` that will be settled once all that had been folded then is committed. */
  pending: { next: number; shown: number | null } | null;
}

/**
 * How far the partitions of the events topic are, from the facts of the updates prefix. Each value only grows:
 * an aggregator that restores a partition repeats older ones.
 */
export class Progress {
  readonly partitions: number;
  readonly #byPartition = new Map<number, PartitionState>();
  #stored: number | null = null;

  constructor(partitions: number) {
    this.partitions = partitions;
  }

  /** Starts from what the Store knows before the first facts come. */
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
      this.#byPartition.get(part)!.settled = facts.watermark;
      this.#stored = maxKnown(this.#stored, facts.watermark);
    }
  }

  apply(facts: FactsUpdate): void {
    for (const partition of facts.partitions) this.#merge(partition);
  }

  /** Returns P of a source partition; rows of a fill (`~3`, `+3`) come from the Store only. */
  committed(part: string): number {
    return isFilledIn(part)
      ? Number.POSITIVE_INFINITY
      : (this.#byPartition.get(Number(part))?.committed ?? 0);
  }

  /** Returns the offset after the last folded block of a partition. */
  next(partition: number): number {
    return this.#byPartition.get(partition)?.next ?? 0;
  }

  /** Returns the minimum over partitions; null while one of them has none. */
  lowest(time: Time | 'settled'): number | null {
    let low: number | null = null;
    for (let p = 0; p < this.partitions; p++) {
      const value = this.#byPartition.get(p)?.[time] ?? null;
      if (value === null) return null;
      low = minKnown(low, value);
    }
    return low;
  }

  /** Returns up to when views reach: the lowest `asOf`; before the facts of all partitions, the newest committed watermark. */
  reach(): number | null {
    return this.lowest('asOf') ?? this.#stored;
  }

  /** To be called where nothing changes any more, whatever the facts say: all up to a time is settled. */
  settle(time: number): void {
    for (const partition of this.#byPartition.values()) partition.settled = maxKnown(partition.settled, time);
  }

  #merge(p: PartitionProgress): void {
    const known = this.#byPartition.get(p.partition) ?? { ...p, settled: null, pending: null };
    this.#byPartition.set(p.partition, known);
    known.next = Math.max(known.next, p.next);
    known.committed = Math.max(known.committed, p.committed);
    known.watermark = maxKnown(known.watermark, p.watermark);
    known.asOf = maxKnown(known.asOf, p.asOf);
    known.shown = maxKnown(known.shown, p.shown);
    known.pending ??= { next: p.next, shown: p.shown };
    if (known.committed < known.pending.next) return;
    known.settled = maxKnown(known.settled, known.pending.shown);
    known.pending = null;
  }
}
