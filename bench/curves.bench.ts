/**
 * What an event costs as things grow, each doubling: metrics, groups of a metric, and values of the frame that the
 * gateway makes of those groups. Both curves run in one process; the curve over events a second is chain.bench.ts.
 * `node bench/curves.bench.ts [rounds]` writes results/curve-metrics.json and results/curve-groups.json.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Block } from '#aggregator/core/decode/read-block.ts';
import type { Partition } from '#aggregator/core/partition.ts';
import type { FoldSettings } from '#contracts/log/control.ts';
import { measureFrame } from './curve-frame.ts';
import {
  type Definition,
  EVENTS_A_BLOCK,
  foldBlocks,
  makeBlocks,
  openFold,
  TEN_METRICS,
} from './fold-work.ts';
import { rounded } from './median-of.ts';
import { scaled } from './smoke-scale.ts';
import { writeResult } from './write-result.ts';

const ROUNDS = Number(process.argv[2] ?? scaled(4, 1));
const METRIC_COUNTS = scaled([1, 2, 4, 8, 16, 32, 64], [1, 2]);
const GROUP_COUNTS = Array.from({ length: scaled(16, 2) }, (_, i) => 2 ** i);
const METRIC_BLOCKS = scaled(100, 2);
/** So that each of 32,768 groups has several events. */
const GROUP_BLOCKS = scaled(400, 2);
const COUNTABLE_STATES = 1_000;
/** Above the groups of the curve, so that none is folded into the others. */
const SETTINGS: FoldSettings = { horizon: 3_600_000, groups: 100_000, ids: 1_000_000 };

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** CPU ns an event, user and system; the best of the rounds, since noise only ever slows. */
function measure(blocks: readonly Block[], open: () => Partition): number {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    collect();
    const partition = open();
    const before = process.cpuUsage();
    foldBlocks(partition, blocks);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, ((user + system) * 1_000) / (blocks.length * EVENTS_A_BLOCK));
  }
  return Math.round(best);
}

/** The ten of the fold benches again and again, each time with a condition of its own, so that none equals another. */
const metricsOf = (count: number): Definition[] =>
  Array.from({ length: count }, (_, i) => {
    const { where = {}, ...rest } = TEN_METRICS[i % TEN_METRICS.length]! as { where?: object };
    const round = Math.floor(i / TEN_METRICS.length);
    return { ...rest, where: round === 0 ? where : { ...where, latency_ms: { gt: round / 100 } } };
  });

function curveOfMetrics(): Record<string, unknown>[] {
  const blocks = makeBlocks(METRIC_BLOCKS);
  // Once unmeasured, because the first run includes compilation.
  measure(blocks, () => openFold(metricsOf(4)));
  return METRIC_COUNTS.map((metrics) => {
    const foldNs = measure(blocks, () => openFold(metricsOf(metrics)));
    return { metrics, foldNsPerEvent: foldNs, nsPerEventAndMetric: rounded(foldNs / metrics, 1) };
  });
}

/** Bytes of heap that a state takes, of one group in one pane; null where there are too few to tell them from noise. */
function bytesPerState(blocks: readonly Block[], metric: Definition): number | null {
  const settled = (metrics: readonly Definition[]): { heap: number; states: number } => {
    const partition = openFold(metrics, SETTINGS);
    for (const block of blocks) partition.fold({ ...block, offset: partition.nextOffset });
    partition.drainUpdates().acknowledge();
    partition.beginFlush();
    partition.commitFlush();
    Array.from(partition.evicting());
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return { heap: heapUsed + arrayBuffers, states: partition.sizes.openCells };
  };
  settled([metric]);
  const { heap, states } = settled([metric]);
  return states < COUNTABLE_STATES ? null : Math.round((heap - settled([]).heap) / states);
}

function curveOfGroups(): Record<string, unknown>[] {
  const metric = { event: 'checkout', aggregate: 'sum(amount)', groupBy: ['shelf'], window: '1m' };
  return GROUP_COUNTS.map((groups) => {
    const blocks = makeBlocks(GROUP_BLOCKS, groups);
    const foldNs = measure(blocks, () => openFold([metric], SETTINGS));
    return {
      groups,
      foldNsPerEvent: foldNs,
      bytesPerState: bytesPerState(blocks, metric),
      ...measureFrame(groups, ROUNDS),
    };
  });
}

const event = { events: 'checkouts with an id, a key and five properties, about 230 B', rounds: ROUNDS };
await writeResult({
  name: 'curve-metrics',
  what: 'decode and fold of an event, CPU ns, as metrics double',
  command: 'node bench/curves.bench.ts',
  conditions: {
    ...event,
    metrics: 'the ten of the fold bench, then again with a condition more',
    groups: '1 to 15',
  },
  x: 'metrics',
  rows: curveOfMetrics(),
});
await writeResult({
  name: 'curve-groups',
  what: 'fold, memory and frame of one sum grouped by a dimension, as its groups double',
  command: 'node bench/curves.bench.ts',
  conditions: {
    ...event,
    bytesPerState:
      'of one group in one pane: heap with the metric less heap without, by states, all committed',
    frame:
      'every group of the newest window changed: applying the update, then the changes since the cursor as JSON; median ms',
    view: '60 windows of 1 s, of which the newest changes',
  },
  x: 'groups',
  rows: curveOfGroups(),
});
