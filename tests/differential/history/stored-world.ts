import type { Aggregate } from '#aggregates/aggregate.ts';
import { aggregateOf, checkAggregate } from '#aggregates/registry.ts';
import { callOf, everyAggregate } from '#aggregates/testing/law-inputs.ts';
import { rollUpFilled } from '#aggregator/core/roll-ups/roll-up-filled.ts';
import { runRollUps } from '#aggregator/roll-ups/run-roll-ups.ts';
import type { Filter } from '#contracts/filter/filter.ts';
import type { ArchiveRow, PaneRow, RollUpMark } from '#contracts/log/rows.ts';
import { formatAggregate } from '#contracts/metric/aggregate-call.ts';
import { type Metric, parseMetric } from '#contracts/metric/metric.ts';
import { leastPane } from '#contracts/metric/pane.ts';
import { TIERS, type Tier } from '#contracts/metric/tier.ts';
import { durationOf } from '#contracts/text/duration.ts';
import { foldRows } from '#platform/store/memory/fold-rows.ts';
import type { RollUp, Store } from '#platform/store/store.ts';
import { sampleCommit } from '#platform/store/testing/store-samples.ts';
import { isSequence } from '../value-oracle.ts';
import { pick, type Source, type World } from './history-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
export const VERSION = 7;

/** Where the borders of the tiers are while views are read, one after the other: marks only rise. */
export const STAGES = [
  'no marks',
  'minutes up to the middle',
  'hours beyond minutes',
  'events added below marks',
  'all is rolled up',
] as const;

/** Panes of a tenth of a minute to a quarter of an hour, some with no minutes above them, or no hours but minutes. */
const PANES = [
  { window: '10s', pane: '1s' },
  { window: '1m', pane: '10s' },
  { window: '1m', pane: '1m' },
  { window: '90s', pane: '90s' },
  { window: '40s', pane: '20s' },
  { window: '15m', pane: '15m' },
] as const;

const DIMENSIONS = [['c'], [], ['c', 'p'], ['p', 'c']] as const;

/** A metric for each of these aggregates, or for every one of the registry. */
export function metricsOf({ number, random }: World, names?: readonly string[]): Metric[] {
  const chosen = everyAggregate().filter(([name]) => names?.includes(name) ?? true);
  return chosen.map(([name, aggregate], i) => {
    const id = `world${number}.${name}`;
    const definition = {
      event: pick(random, ['*', 'order', ['order', 'visit']]),
      aggregate: formatAggregate(fieldOf(aggregate)),
      where: pick(random, [{}, {}, { c: { not: 'FR' } }]),
      groupBy: DIMENSIONS[(i + number) % DIMENSIONS.length]!,
      ...timesOf(aggregate, i + number),
      lateness: pick(random, ['1s', '1m', '1m', '1h']),
    };
    const metric = parseMetric(id, definition, { checkAggregate, horizon: HOUR });
    if (!metric.ok) throw new Error(metric.fault.message);
    return metric.value;
  });
}

/** Panes as the aggregate may have them. */
function timesOf(aggregate: Aggregate, nth: number): (typeof PANES)[number] {
  const least = leastPane(callOf(aggregate));
  const fitting = PANES.filter(({ pane }) => durationOf(pane) >= least);
  return fitting[nth % fitting.length]!;
}

const CONDITIONS: readonly Filter[] = [
  { path: 'x', op: 'gt', value: 0 },
  { path: 'c', op: 'notIn', values: ['DE'] },
];

const fieldOf = (aggregate: Aggregate) => {
  const call = callOf(aggregate);
  const isBounded = call.name === 'percentile_rank' || (call.name === 'histogram' && call.args.length > 0);
  const args = isBounded ? [-200, 0, 333] : call.args;
  const own =
    call.conditions === undefined ? {} : { conditions: CONDITIONS.slice(0, call.conditions.length) };
  return { ...call, ...own, args, field: call.field && (aggregate.input === 'text' ? 'u' : 'x') };
};

/** A world in the Store: its events, and its metrics in all of their parts. */
export interface StoredWorld {
  metrics: readonly Metric[];
  /** Goes on to a stage, which is the next one at most. */
  enter(stage: number): Promise<void>;
  /** All rows of a metric as they are stored, in their own panes. */
  rowsOf(metric: Metric): Promise<PaneRow[]>;
}

export async function storeWorld(
  store: Store,
  world: World,
  metrics: readonly Metric[],
): Promise<StoredWorld> {
  const { events, sources, random } = world;
  await store.insertEvents(events.map(({ row }) => row));
  await store.insertEvents(events.filter(() => random() < 0.1).map(({ row }) => row));
  const live = metrics.flatMap((metric) => sources.flatMap((source) => liveRows(world, metric, source)));
  // As an owner that lost its partition writes late: it changes nothing.
  const stale = live.flatMap((row, i): PaneRow[] => {
    const other = live[i - 1];
    if (other?.metric !== row.metric || random() < 0.85) return [];
    return [{ ...row, next: row.next - 1, state: other.state }];
  });
  await store.insertPanes(live);
  await store.insertPanes(stale);
  // Each partition has committed what it has stored.
  await store.insertCommits(sources.map(({ partition, end }) => sampleCommit(partition, end)));
  const filler = createFiller(store, world, metrics);
  await filler.fill();
  const marks = createMarks(store, world, metrics);
  return {
    metrics,
    rowsOf: ({ id }) =>
      store.readPanes({ metric: id, version: VERSION, from: 0, to: Number.MAX_SAFE_INTEGER }),
    async enter(stage) {
      if (stage === 3) await filler.addTheRest();
      await marks.raise(stage);
    },
  };
}

/** Every so many metrics are filled in by the Store itself, as it does for all; the others by plain code, which is quicker. */
const BY_STORE = 3;

/** Fills in what came before an activation, and imported and late events up to the bounds of the sources; later all imported ones. */
function createFiller(store: Store, world: World, metrics: readonly Metric[]) {
  const { sources, cap, number } = world;
  const isByStore = (_: Metric, i: number): boolean => i % BY_STORE === number % BY_STORE;
  const byStore = metrics.filter(isByStore);
  const byHand = metrics.filter((metric, i) => !isByStore(metric, i));
  const add = async (from: (source: Source) => { imports: number; late: number }): Promise<void> => {
    const partitions = sources.map((source) => ({
      partition: source.partition,
      imports: { from: from(source).imports, before: source.imports },
      late: { from: from(source).late, before: source.late },
    }));
    for (const metric of byStore)
      await store.fillAdded({ metric, version: VERSION, partitions, groups: cap, levels: true });
    const rows = byHand.flatMap((metric) => sources.flatMap((source) => addedRows(world, metric, source)));
    await store.insertPanes(rows);
  };
  return {
    async fill() {
      const partitions = sources.map(({ partition, activation }) => ({ partition, before: activation }));
      for (const metric of byStore)
        await store.backfill({ metric, version: VERSION, partitions, groups: cap, levels: true });
      const rows = byHand.flatMap((metric) =>
        sources.flatMap((source) => backfilledRows(world, metric, source)),
      );
      await store.insertPanes(rows);
      await add(() => ({ imports: 0, late: 0 }));
    },
    async addTheRest() {
      const before = new Map(sources.map((source) => [source, { ...source }]));
      for (const source of sources) source.imports = source.end;
      await add((source) => before.get(source)!);
      const parts = sources.map(({ partition }) => `+${partition}`);
      const closing = new AbortController().signal;
      for (const metric of metrics)
        await runRollUps({ store, closing }, rollUpFilled({ metric, version: VERSION, parts }));
    },
  };
}

const isLate = ({ ts, watermark }: ArchiveRow, { lateness }: Metric): boolean =>
  watermark !== null && ts + lateness <= watermark;

/** What the partition itself has folded: states that JavaScript has made. */
const liveRows = (world: World, metric: Metric, { partition, activation, end }: Source): PaneRow[] => {
  const first = isSequence(metric.aggregate) ? 0 : activation;
  return foldPart(
    world,
    metric,
    { part: `${partition}`, next: end, from: activation },
    (row) => row.part === partition && row.offset >= first && !row.imported && !isLate(row, metric),
  );
};

const backfilledRows = (world: World, metric: Metric, { partition, activation }: Source): PaneRow[] =>
  foldPart(
    world,
    metric,
    { part: `~${partition}`, next: activation },
    (row) => row.part === partition && row.offset < activation && !row.imported && !isLate(row, metric),
  );

const addedRows = (world: World, metric: Metric, { partition, imports, late }: Source): PaneRow[] =>
  foldPart(
    world,
    metric,
    { part: `+${partition}`, next: Math.max(imports, late) },
    (row) =>
      row.part === partition &&
      !isSequence(metric.aggregate) &&
      row.offset < (row.imported ? imports : isLate(row, metric) ? late : 0),
  );

function foldPart(
  { events, cap }: World,
  metric: Metric,
  part: { part: string; next: number; from?: number },
  isIn: (row: ArchiveRow) => boolean,
): PaneRow[] {
  const rows = events.map(({ row }) => row).filter(isIn);
  return foldRows(
    { metric, version: VERSION, groups: cap, levels: true, ...part },
    rows,
    aggregateOf(metric.aggregate),
  );
}

/** Epoch ms up to which the tiers of a partition are to be made at a stage; null: not at all. */
function markOf(world: World, stage: number, at: number, tier: Tier['name']): number | null {
  const { center } = world;
  const plan: Record<Tier['name'], number | null>[] = [
    [
      { minute: null, hour: null },
      { minute: null, hour: null },
      { minute: null, hour: null },
    ],
    [
      { minute: center - 37 * MINUTE, hour: null },
      { minute: center + 5 * HOUR + 17 * MINUTE, hour: null },
      { minute: null, hour: null },
    ],
    [
      { minute: center - 37 * MINUTE, hour: center + 3 * HOUR },
      { minute: center + 5 * HOUR + 17 * MINUTE, hour: center - DAY },
      { minute: center + MINUTE, hour: null },
    ],
    [
      { minute: center + 13 * HOUR, hour: center + 3 * HOUR },
      { minute: center + 14 * HOUR, hour: center },
      { minute: center + MINUTE, hour: center + HOUR },
    ],
    [
      { minute: center + 99 * DAY, hour: center + 99 * DAY },
      { minute: center + 99 * DAY, hour: center + 99 * DAY },
      { minute: center + 99 * DAY, hour: center + 7 * HOUR },
    ],
  ][stage]!;
  return plan[at]![tier];
}

/** Coarse rows and then their marks, as the owners of partitions write them. */
function createMarks(store: Store, world: World, metrics: readonly Metric[]) {
  const reached = new Map<string, number>();
  const raise = async (stage: number, tier: Tier): Promise<void> => {
    const rollUps: RollUp[] = [];
    const marks: RollUpMark[] = [];
    for (const metric of metrics.filter(({ pane }) => tier.size > pane && tier.size % pane === 0)) {
      for (const [i, { partition }] of world.sources.entries()) {
        const wanted = markOf(world, stage, i, tier.name);
        if (wanted === null) continue;
        const key = (name: Tier['name']): string => `${metric.id} ${partition} ${name}`;
        const from = reached.get(key(tier.name)) ?? 0;
        const to = Math.floor(wanted / tier.size) * tier.size;
        // Hours are made of minutes where those have come so far.
        const isThere = tier.name === 'hour' && (reached.get(key('minute')) ?? 0) >= to;
        reached.set(key(tier.name), to);
        if (from >= to) continue;
        const parts = [`${partition}`, `~${partition}`, `+${partition}`];
        const source = isThere ? 'minute' : 'pane';
        rollUps.push({ metric, version: VERSION, parts, tier, source, from, to });
        marks.push({ metric: metric.id, version: VERSION, partition, tier: tier.size, upto: to });
      }
    }
    await store.rollUp(rollUps);
    if (marks.length > 0) await store.insertMarks(marks);
  };
  return {
    async raise(stage: number): Promise<void> {
      for (const tier of TIERS) await raise(stage, tier);
    },
  };
}
