import type { CommitRow } from '#contracts/log/rows.ts';
import type { BackfilledUpdate } from '#contracts/log/update.ts';
import { type Filled, lackOf } from '#contracts/view/backfill-progress.ts';
import type { HubStart } from './hub-start.ts';

/** Metric versions known at most; one that is forgotten is learned again from the commit rows. */
const MOST = 10_000;

/**
 * Which partitions' history of a metric version is contained in what a hub shows: never one too many. The updates tell of it in
 * their order, and a view that can answer has read its history after those that have been applied. A partition that had nothing to fill in, or that was told of
 * before the hub began, is known from the commit rows alone.
 */
export class Fills {
  readonly #of: number;
  readonly #failing: HubStart['failing'];
  readonly #known = new Map<string, Set<number>>();

  constructor({ ends, commits, failing }: Pick<HubStart, 'ends' | 'commits' | 'failing'>) {
    this.#of = ends.size;
    this.#failing = failing;
    this.take(commits);
  }

  /** What commit rows say; every update that came before they were read has been applied. */
  take(commits: readonly CommitRow[]): void {
    for (const { part, facts } of commits) {
      for (const { metric, version, backfilled } of facts.active)
        if (backfilled) this.#add(metric, version, part);
    }
  }

  apply({ metric, version, part }: BackfilledUpdate): void {
    this.#add(metric, version, Number(part.slice(1)));
  }

  of(metric: string, version: number): Filled {
    const filled = { done: this.#known.get(keyOf(metric, version))?.size ?? 0, of: this.#of };
    const failing = lackOf(filled) === null ? null : this.#failing?.(metric, version);
    return failing ? { ...filled, failing } : filled;
  }

  #add(metric: string, version: number, partition: number): void {
    const key = keyOf(metric, version);
    const known = this.#known.get(key) ?? new Set();
    // The one that was added to last is forgotten last.
    this.#known.delete(key);
    this.#known.set(key, known.add(partition));
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST) return;
      this.#known.delete(oldest);
    }
  }
}

const keyOf = (metric: string, version: number): string => `${version} ${metric}`;
