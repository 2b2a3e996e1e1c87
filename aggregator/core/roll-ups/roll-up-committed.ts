import { aggregateOf } from '#aggregates/registry.ts';
import type { ActiveMetric, CommitRow, RollUpMark } from '#contracts/log/rows.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import { floorTo, settlingOf } from '#contracts/metric/pane.ts';
import { type Tier, tiersOf } from '#contracts/metric/tier.ts';
import { CHUNK_ROWS, chunkOf, type RollUp, type RollUpSteps } from './roll-up-step.ts';

export interface RollUpFacts {
  /** Commit rows that are in the Store, of the partitions that are to be rolled up. */
  commits: readonly CommitRow[];
  /** Marks that are in the Store. */
  marks: readonly RollUpMark[];
  /** The metric of an active version; null where its definition cannot be read. */
  metricOf(active: ActiveMetric): Metric | null;
  /** Default: those of every metric. */
  tiers?: readonly Tier[] | undefined;
}

export interface RollUpProgress {
  /** Whether there is more to be done at once. */
  left: boolean;
  /** How far a mark is behind what is final, at most, ms. */
  lag: number;
}

/** What is final and not marked, of one metric version, partition and tier. */
interface Due {
  metric: Metric;
  version: number;
  partition: number;
  parts: string[];
  tier: Tier;
  source: RollUp['source'];
  sourceSize: number;
  /** The mark; null without one. */
  from: number | null;
  to: number;
}

/** Finer panes that a mark may be behind what is final where roll-ups keep up, in time: twelve hours of seconds. */
const NEAR = 43_200;
/** Chunks of what lags that are done before others are looked at again. */
const CHUNKS = 16;

/**
 * Rolls up what committed positions have made final (rule 5): first what is a chunk behind at most, which is everything where roll-ups
 * keep up, all together; then some chunks of what lags. Marks follow the rows.
 */
export function* rollUpCommitted(facts: RollUpFacts): RollUpSteps<RollUpProgress> {
  const marked = new Map(facts.marks.map((mark) => [keyOf(mark), mark.upto]));
  const progress = { left: false, lag: 0 };
  for (const tier of ['minute', 'hour'] as const) {
    const due = facts.commits.flatMap((commit) => dueOf(commit, tier, marked, facts));
    const near = due.filter(isNear);
    if (near.length > 0)
      yield* rollUp(
        near.map((one) => ({ ...one, from: one.from! })),
        marked,
      );
    const far = new Map<string, Due[]>();
    for (const one of due) {
      if (isNear(one)) continue;
      const name = `${one.version} ${one.metric.id}`;
      far.set(name, [...(far.get(name) ?? []), one]);
    }
    let chunks = CHUNKS;
    for (const group of far.values()) {
      // Each gets one, so that all are begun soon.
      do chunks--;
      while ((yield* rollUpChunk(group, marked)) && chunks > 0);
      const lag = Math.max(...group.map((one) => one.to - (one.from ?? 0)));
      progress.lag = Math.max(progress.lag, lag);
      progress.left ||= lag > 0;
    }
  }
  return progress;
}

const isNear = ({ from, to, sourceSize, tier }: Due): boolean =>
  from !== null && to - from <= Math.max(tier.size, NEAR * sourceSize);

const keyOf = ({ metric, version, partition, tier }: Omit<RollUpMark, 'upto'>): string =>
  `${partition} ${tier} ${version} ${metric}`;

function dueOf(
  { part, facts: { active, watermark } }: CommitRow,
  name: Tier['name'],
  marked: ReadonlyMap<string, number>,
  facts: RollUpFacts,
): Due[] {
  if (watermark === null) return [];
  return active.flatMap((one): Due[] => {
    const metric = facts.metricOf(one);
    if (metric === null) return [];
    const tiers = tiersOf(metric.pane, facts.tiers);
    const at = tiers.findIndex((tier) => tier.name === name);
    const tier = tiers[at];
    if (tier === undefined) return [];
    const finer = tiers[at - 1];
    const id = { metric: one.metric, version: one.version, partition: part };
    const settling = settlingOf({ metric, aggregate: aggregateOf(metric.aggregate) });
    // A coarse pane is final by the same test as any other; what is merged from a finer tier has to be there as well.
    const isThere = finer === undefined ? watermark : (marked.get(keyOf({ ...id, tier: finer.size })) ?? 0);
    const to = floorTo(Math.min(watermark - settling, isThere), tier.size);
    const from = marked.get(keyOf({ ...id, tier: tier.size })) ?? null;
    if (to <= (from ?? 0)) return [];
    // A back-fill that is not recorded may be under way: it rolls up its rows itself.
    const parts = one.backfilled ? [`${part}`, `~${part}`] : [`${part}`];
    const source =
      finer === undefined
        ? { source: 'pane' as const, sourceSize: metric.pane }
        : {
            source: finer.name,
            sourceSize: finer.size,
          };
    return [{ metric, version: one.version, partition: part, parts, tier, ...source, from, to }];
  });
}

/**
 * The next chunk of the partitions of one metric version; false when they are done. It begins where there is something, so that an event of
 * long ago does not cost a chunk for each day since.
 */
function* rollUpChunk(group: Due[], marked: Map<string, number>): RollUpSteps<boolean> {
  const waiting = group.filter((one) => one.from === null || one.from < one.to);
  if (waiting.length === 0) return false;
  const [{ metric, version, tier, source }] = waiting as [Due, ...Due[]];
  const range = {
    from: Math.min(...waiting.map((one) => one.from ?? 0)),
    to: Math.max(...waiting.map((one) => one.to)),
  };
  const found = yield { step: 'span', metric: metric.id, version, ...range, tier: source, rows: CHUNK_ROWS };
  const chunk = found === null ? { from: range.to, to: range.to } : chunkOf(found, tier.size, range.to);
  yield* rollUp(
    waiting.map((one) => ({
      ...one,
      from: Math.max(one.from ?? 0, chunk.from),
      to: Math.min(one.to, chunk.to),
    })),
    marked,
  );
  for (const one of waiting) one.from = Math.max(one.from ?? 0, Math.min(one.to, chunk.to));
  return true;
}

/** Rows, then marks: a crash between the two repeats work, and a reader of a mark finds the rows. */
function* rollUp(due: (Due & { from: number })[], marked: Map<string, number>): RollUpSteps<void> {
  const rollUps = new Map<string, RollUp>();
  for (const { metric, version, parts, tier, source, from, to } of due) {
    if (from >= to) continue;
    const key = `${from} ${to} ${version} ${metric.id}`;
    const known = rollUps.get(key);
    if (known === undefined) rollUps.set(key, { metric, version, parts: [...parts], tier, source, from, to });
    else known.parts.push(...parts);
  }
  const marks = due.map(({ metric, version, partition, tier, to }) => ({
    metric: metric.id,
    version,
    partition,
    tier: tier.size,
    upto: to,
  }));
  if (rollUps.size > 0) yield { step: 'roll-up', rollUps: [...rollUps.values()] };
  yield { step: 'mark', marks };
  for (const mark of marks) marked.set(keyOf(mark), mark.upto);
}
