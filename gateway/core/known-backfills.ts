import type { CommitRow } from '#contracts/log/rows.ts';
import type { BackfilledUpdate } from '#contracts/log/update.ts';
import { type Filled, type FillFailure, lackOf } from '#contracts/view/backfill-progress.ts';

/** Metric versions that are remembered; one that is forgotten is learned again from the commit rows. */
const MAX_VERSIONS = 10_000;

export interface KnownBackfillsOptions {
  /** Number of partitions of the events topic. */
  partitions: number;
  commits: readonly CommitRow[];
  /** Returns why the back-fill of a metric version fails; null where no failure is known. */
  failureOf?: ((metric: string, version: number) => FillFailure | null) | undefined;
  maxVersions?: number;
}

/**
 * The partitions that have back-filled a metric version, as far as commit rows and applied updates say; never one too many.
 * Updates report back-fills in order, and a view that can answer has read its history after the applied ones. A partition that had
 * nothing to back-fill, or reported before the hub started, is known from the commit rows alone.
 */
export class KnownBackfills {
  readonly #partitions: number;
  readonly #failureOf: KnownBackfillsOptions['failureOf'];
  readonly #maxVersions: number;
  readonly #known = new Map<string, Set<number>>();

  constructor({ partitions, commits, failureOf, maxVersions = MAX_VERSIONS }: KnownBackfillsOptions) {
    this.#partitions = partitions;
    this.#failureOf = failureOf;
    this.#maxVersions = maxVersions;
    this.applyCommits(commits);
  }

  /** Adds what commit rows say. Every update from before they were read must have been applied. */
  applyCommits(commits: readonly CommitRow[]): void {
    for (const { part, facts } of commits) {
      for (const { metric, version, backfilled } of facts.active)
        if (backfilled) this.#add(metric, version, part);
    }
  }

  /** Imported and late events are no back-fill: they come at any time. */
  apply({ metric, version, part }: BackfilledUpdate): void {
    if (!part.startsWith('~')) return;
    this.#add(metric, version, Number(part.slice(1)));
  }

  of(metric: string, version: number): Filled {
    const filled = { done: this.#known.get(keyOf(metric, version))?.size ?? 0, of: this.#partitions };
    const failing = lackOf(filled) === null ? null : this.#failureOf?.(metric, version);
    return failing ? { ...filled, failing } : filled;
  }

  #add(metric: string, version: number, partition: number): void {
    const key = keyOf(metric, version);
    const known = this.#known.get(key) ?? new Set();
    // Re-inserted, so that the version that changed last is forgotten last.
    this.#known.delete(key);
    this.#known.set(key, known.add(partition));
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= this.#maxVersions) return;
      this.#known.delete(oldest);
    }
  }
}

const keyOf = (metric: string, version: number): string => `${version} ${metric}`;
