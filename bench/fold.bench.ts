import type { Block } from '#aggregator/core/decode/read-block.ts';
import { EVENTS_A_BLOCK, foldBlocks, makeBlocks, openFold, TEN_METRICS } from './fold-work.ts';
import { rounded } from './median-of.ts';
import { scaled } from './smoke-scale.ts';
import { writeResult } from './write-result.ts';

/** Decode and fold of whole blocks, beside a loop that only parses the same lines, in the same process and run. */
const BLOCKS = scaled(200, 4);
const ROUNDS = scaled(5, 1);

function parseOnly(blocks: readonly Block[]): number {
  let sum = 0;
  const decoder = new TextDecoder();
  for (const { value } of blocks)
    for (const line of decoder.decode(value).split('\n'))
      sum += (JSON.parse(line) as { properties: { amount: number } }).properties.amount;
  return sum;
}

/** Events a second, the best of the rounds: noise only ever slows. */
function measure(work: () => void): number {
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    work();
    best = Math.max(best, (EVENTS_A_BLOCK * BLOCKS * 1_000) / (performance.now() - began));
  }
  return Math.round(best);
}

const blocks = makeBlocks(BLOCKS);
const bytes = Math.round(blocks[0]!.value.length / EVENTS_A_BLOCK);
const parseBefore = measure(() => parseOnly(blocks));
const measured = [1, 3, 10].map((count) => {
  const events = measure(() => foldBlocks(openFold(TEN_METRICS.slice(0, count)), blocks));
  return { metrics: count, eventsPerSecond: events };
});
// Before and after, the better of both: a noisy moment of the reference would flatter all ratios.
const parse = Math.max(
  parseBefore,
  measure(() => parseOnly(blocks)),
);
await writeResult({
  name: 'fold',
  what: 'decode and fold of blocks beside a loop that only parses their lines',
  command: 'node bench/fold.bench.ts',
  conditions: {
    events: EVENTS_A_BLOCK * BLOCKS,
    bytesPerEvent: bytes,
    rounds: ROUNDS,
    parse: `${parse} events a second by JSON.parse alone`,
    figures: 'events a second, the best of the rounds',
  },
  rows: measured.map((one) => ({ ...one, ratio: rounded(one.eventsPerSecond / parse, 3) })),
});
