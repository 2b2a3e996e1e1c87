import { type CompiledMetric, compileMetric } from '#aggregates/judge/compile-metric.ts';
import { FUTURE_SKEW } from '#contracts/event/event.ts';
import { type Definition, foldsOf } from '#contracts/log/definition-record.ts';
import type { CommitRow, RollUpMark } from '#contracts/log/rows.ts';
import { floorTo, settlingOf } from '#contracts/metric/pane.ts';
import type { Retention } from '#contracts/metric/retention.ts';
import { SEQUENCE_HOUR } from '#contracts/metric/sequence.ts';
import { type Tier, tiersOf } from '#contracts/metric/tier.ts';
import { lackingOf } from './fills.ts';

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
  /** What is rolled up. */
  marks: readonly RollUpMark[];
  /** Default: those of every metric. */
  tiers?: readonly Tier[];
  /** Offset up to which the catalog has read the definitions. */
  catalogNext: number;
}

/** What `Store.expire` is called with. */
export interface Expiry {
  panes: PaneExpiry[];
  gone: Version[];
  /** Archived events received below it go, epoch ms. */
  eventsBefore: number;
}

/** Panes of a tier, or the metric's own, that start below `before` go; of these parts, or of all. */
interface PaneExpiry extends Version {
  tier: Tier['name'] | 'pane';
  before: number;
  parts: string[] | null;
}

/**
 * Panes go when all of them is older than the retention of their tier, events when their receipt is; but never what a restore
 * would read: while a partition lags behind the log, its time is its watermark, and a pane that is still open there
 * would come back with only what was folded since. An idle one's time is the clock, or it would keep everything for ever.
 * Nor what is not rolled up yet while a coarser tier would keep it (rule 5).
 */
export function planExpiry(facts: ExpiryFacts): Expiry {
  const { now, archive, stored, commits, definitions, catalogNext } = facts;
  const reached = reachedBy(facts);
  const marked = new Map(facts.marks.map((mark) => [markKey(mark), mark.upto]));
  const kept = new Set(commits.flatMap(({ facts: { active } }) => active.map(nameOf)));
  const panes: PaneExpiry[] = [];
  let followed = 0;
  for (const definition of definitions) {
    for (const { version, body } of foldsOf(definition)) {
      const metric = definition.id;
      kept.add(nameOf({ metric, version }));
      const compiled = compileMetric(metric, body, Number.POSITIVE_INFINITY);
      // Without a retention that can be read its panes stay; the control writer says what is wrong with it.
      if (!compiled.ok) continue;
      panes.push(...planVersion({ metric, version }, compiled.value, { ...facts, reached, marked }));
      followed = Math.max(followed, followedBy(compiled.value));
    }
  }
  // A version that the catalog has not reached yet was started by another worker.
  const gone = stored.filter((one) => one.version < catalogNext && !kept.has(nameOf(one)));
  const horizon = Math.max(0, ...commits.map((commit) => commit.facts.settings.horizon));
  const needed = Math.max(horizon, followed) + FUTURE_SKEW;
  return { panes, gone, eventsBefore: Math.min(now - archive, reached - needed) };
}

/** ms before the watermark from which on events are read back that those on time may follow. */
const followedBy = ({ metric, aggregate: { sequence } }: CompiledMetric): number =>
  sequence === undefined ? 0 : metric.lateness + sequence.hold(metric.aggregate) + SEQUENCE_HOUR;

interface KnownFacts extends ExpiryFacts {
  reached: number;
  /** Key of a mark → up to when. */
  marked: ReadonlyMap<string, number>;
}

const markKey = ({ metric, version, partition, tier }: Omit<RollUpMark, 'upto'>): string =>
  `${partition} ${tier} ${version} ${metric}`;

/**
 * Of a version, tier by tier. Where there are coarser ones, bounds are whole panes of the coarsest: what a late roll-up is made of
 * is then all there, or nothing is, which changes nothing.
 */
function planVersion(version: Version, compiled: CompiledMetric, facts: KnownFacts): PaneExpiry[] {
  const { retention, pane } = compiled.metric;
  const tiers = tiersOf(pane, facts.tiers);
  const coarsest = tiers.at(-1);
  const limitOf = (tier: keyof Retention, kept: keyof Retention = tier): number =>
    Math.min(facts.now - retention[kept], tier === 'pane' ? facts.reached - settlingOf(compiled) : facts.now);
  const ofAll = (tier: keyof Retention, before: number): PaneExpiry => ({
    ...version,
    tier,
    before,
    parts: null,
  });
  if (coarsest === undefined) return [ofAll('pane', limitOf('pane') - pane + 1)];
  const { size, name } = coarsest;
  const levels = ['pane', ...tiers.slice(0, -1).map((tier) => tier.name)] as const;
  const finer = levels.flatMap((tier, i): PaneExpiry[] => {
    // What no tier keeps goes, rolled up or not: the last panes of a quiet partition never are.
    const oldest = floorTo(limitOf(tier, name), size);
    const bounds = new Map<number, string[]>();
    for (const { part, upto } of rolledUp(version, tiers[i]!.size, facts)) {
      const bound = floorTo(Math.min(limitOf(tier), upto), size);
      if (bound > oldest) bounds.set(bound, [...(bounds.get(bound) ?? []), part]);
    }
    const marked = [...bounds].map(([before, parts]) => ({ ...version, tier, before, parts }));
    return [...marked, ofAll(tier, oldest)];
  });
  return [...finer, ofAll(name, floorTo(limitOf(name), size))];
}

/** Up to when the parts of a version are in the tier: nothing is said of a fill that is not recorded, which may be under way. */
function rolledUp(
  { metric, version }: Version,
  size: number,
  { commits, marked }: KnownFacts,
): { part: string; upto: number }[] {
  return commits.flatMap(({ part, next, facts: { active, imports = 0 } }) => {
    const own = active.find((one) => one.metric === metric && one.version === version);
    const upto = marked.get(markKey({ metric, version, partition: part, tier: size }));
    if (own === undefined || upto === undefined) return [];
    const isFilled = lackingOf(own, { committed: next, imports }, false) === null;
    const parts = isFilled ? [`${part}`, `~${part}`, `+${part}`] : [`${part}`];
    return parts.map((name) => ({ part: name, upto }));
  });
}

/** The time that every partition has reached: the clock, or the lowest watermark of those that lag. */
function reachedBy({ now, commits, ends }: ExpiryFacts): number {
  const lagging = commits.flatMap(({ part, next, facts: { watermark } }) =>
    watermark !== null && next < (ends.get(part) ?? 0) ? [watermark] : [],
  );
  return Math.min(now, ...lagging);
}

const nameOf = ({ metric, version }: Version): string => `${version} ${metric}`;
