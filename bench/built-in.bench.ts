import { builtInMetrics } from '#contracts/metric/built-in.ts';
import { HOUR } from '#contracts/text/duration.ts';
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

/** Decode and fold of whole blocks with the built-in metrics, beside the same without them, rounds in turn, in the same process. */
const BLOCKS = scaled(200, 4);
const ROUNDS = scaled(15, 1);

/** The id of a definition is that of its control block. */
const BUILT_IN: Definition[] = Object.values(builtInMetrics(HOUR)).map(
  ({ id: _, ...definition }) => definition,
);

const blocks = makeBlocks(BLOCKS);

function secondsOf(metrics: readonly Definition[]): number {
  const partition = openFold(metrics);
  const began = performance.now();
  foldBlocks(partition, blocks);
  return (performance.now() - began) / 1_000;
}

/** The best of the rounds: noise only ever slows. */
function measure(metrics: readonly Definition[]) {
  let [without, having] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS; round++) {
    without = Math.min(without, secondsOf(metrics));
    having = Math.min(having, secondsOf([...metrics, ...BUILT_IN]));
  }
  const events = EVENTS_A_BLOCK * BLOCKS;
  return {
    metrics: metrics.length,
    eventsPerSecond: Math.round(events / having),
    without: Math.round(events / without),
    ratio: rounded(having / without, 3),
  };
}

await writeResult({
  name: 'built-in',
  what: 'time of the fold with the built-in metrics, beside that without them',
  command: 'node bench/built-in.bench.ts',
  conditions: {
    events: EVENTS_A_BLOCK * BLOCKS,
    rounds: `${ROUNDS}, with and without in turn`,
    figures: 'events a second, the best of the rounds; ratio: time with to time without',
  },
  rows: [3, 10].map((count) => measure(TEN_METRICS.slice(0, count))),
});
