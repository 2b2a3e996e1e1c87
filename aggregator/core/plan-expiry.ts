import { FUTURE_SKEW } from '#contracts/event/event.ts';
import { type Definition, foldsOf } from '#contracts/log/definition-record.ts';
import type { CommitRow } from '#contracts/log/rows.ts';
import { compileMetric } from './compile-metric.ts';

/** A metric version. */
export interface Version {
  metric: string;
  version: number;
}

/**
 * Decides what is deleted from the Store. Read in this order: versions, commits, catalog, so that a version that only
 * started late never looks dead.
 */
export interface ExpiryFacts {
  /** Epoch ms. */
  now: number;
  /** ms that events stay in the archive. */
  archive: number;
  /** Versions that have panes in the Store. */
  stored: readonly Version[];
  /** Commit rows of all partitions. */
  commits: readonly CommitRow[];
  /** Partition → its end in the log. */
  ends: ReadonlyMap<number, number>;
  /** The catalog's metrics. */
  definitions: Iterable<Definition>;
  /** Offset up to which the catalog has read the definitions. */
  catalogNext: number;
}

/** What `Store.expire` is called with. */
export interface Expiry {
  /** Panes of the version that start below `before` go. */
  metrics: (Version & { before: number })[];
  /** Archived events received below it go, epoch ms. */
  eventsBefore: number;
}

/** Of a version that nothing reads or folds any more every pane goes. */
export const EVERYTHING = Number.MAX_SAFE_INTEGER;

/**
 * Panes go when all of them is older than the retention, events when their receipt is; but never what a restore
 * would read: while a partition lags behind the log, its time is its watermark, and a pane that is still open there
 * would come back with only what was folded since. An idle one's time is the clock, or it would keep everything for ever.
 */
export function planExpiry(facts: ExpiryFacts): Expiry {
  const { now, archive, stored, commits, definitions, catalogNext } = facts;
  const reached = reachedBy(facts);
  const kept = new Set(commits.flatMap(({ facts: { active } }) => active.map(nameOf)));
  const metrics: Expiry['metrics'] = [];
  for (const definition of definitions) {
    for (const { version, body } of foldsOf(definition)) {
      const metric = definition.id;
      kept.add(nameOf({ metric, version }));
      const compiled = compileMetric(metric, body, Number.POSITIVE_INFINITY);
      // Without a retention that can be read its panes stay; the control writer says what is wrong with it.
      if (!compiled.ok) continue;
      const { retention, lateness, pane } = compiled.value.metric;
      metrics.push({ metric, version, before: Math.min(now - retention, reached - lateness) - pane + 1 });
    }
  }
  for (const { metric, version } of stored) {
    // A version that the catalog has not reached yet was started by another worker.
    if (version >= catalogNext || kept.has(nameOf({ metric, version }))) continue;
    metrics.push({ metric, version, before: EVERYTHING });
  }
  const horizon = Math.max(0, ...commits.map((commit) => commit.facts.settings.horizon));
  return { metrics, eventsBefore: Math.min(now - archive, reached - horizon - FUTURE_SKEW) };
}

/** The time that every partition has reached: the clock, or the lowest watermark of those that lag. */
function reachedBy({ now, commits, ends }: ExpiryFacts): number {
  const lagging = commits.flatMap(({ part, next, facts: { watermark } }) =>
    watermark !== null && next < (ends.get(part) ?? 0) ? [watermark] : [],
  );
  return Math.min(now, ...lagging);
}

const nameOf = ({ metric, version }: Version): string => `${version} ${metric}`;
