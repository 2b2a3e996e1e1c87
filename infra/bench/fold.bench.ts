import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Block, Partition } from '#aggregator/core/partition.ts';
import { encodeBlockHeaders } from '#contracts/block.ts';
import { encodeControl } from '#contracts/control.ts';

/** Decode and fold of whole blocks, beside a loop that only parses the same lines, in the same process and run. */
const EVENTS = 500;
const BLOCKS = 200;
const ROUNDS = 5;
const START = 1_700_000_000_000;

const METRICS: readonly Record<string, unknown>[] = [
  { event: 'checkout', aggregate: 'count', groupBy: ['country'] },
  { event: 'checkout', aggregate: 'sum(amount)', groupBy: ['country'] },
  { event: '*', aggregate: 'quantiles(latency_ms, 0.5, 0.95, 0.99)' },
  { event: 'checkout', aggregate: 'avg(amount)', groupBy: ['plan'] },
  { event: '*', aggregate: 'max(latency_ms)', groupBy: ['country'] },
  { event: '*', aggregate: 'distinct(user)' },
  { event: 'checkout', aggregate: 'count', where: { plan: ['pro', 'team'] } },
  { event: '*', aggregate: 'rate', groupBy: ['plan'] },
  { event: 'checkout', aggregate: 'min(amount)' },
  {
    event: 'checkout',
    aggregate: 'sum(amount)',
    where: { amount: { gt: 20 } },
    groupBy: ['country', 'plan'],
  },
];

function makeBlocks(): Block[] {
  return Array.from({ length: BLOCKS }, (_, b) => {
    const lines = Array.from({ length: EVENTS }, (_, i) => {
      const n = b * EVENTS + i;
      return JSON.stringify({
        event: 'checkout',
        id: `018f6e00-0000-7000-8000-${String(n).padStart(12, '0')}`,
        timestamp: START + b * 50 + (i % 50),
        key: `u_${n % 5_000}`,
        properties: {
          country: ['DE', 'FR', 'JP', 'US', 'BR'][n % 5],
          plan: ['free', 'pro', 'team'][n % 3],
          amount: (n % 1_000) / 10,
          latency_ms: 5 + (n % 400) / 7,
          user: `u_${n % 5_000}`,
        },
      });
    });
    const received = START + b * 50 + 60;
    const headers = encodeBlockHeaders({ block: `b${b}`, received, count: EVENTS, kind: 'events' });
    return { offset: 0, time: received, headers, value: Buffer.from(lines.join('\n')) };
  });
}

function parseOnly(blocks: readonly Block[]): number {
  let sum = 0;
  const decoder = new TextDecoder();
  for (const { value } of blocks)
    for (const line of decoder.decode(value).split('\n'))
      sum += (JSON.parse(line) as { properties: { amount: number } }).properties.amount;
  return sum;
}

function foldWith(metrics: readonly Record<string, unknown>[], blocks: readonly Block[]): number {
  const options = { partition: 0, identity: 'bench', replayUntil: 0 };
  const partition = new Partition(options, { commit: null, panes: [], ids: [] });
  const headers = encodeBlockHeaders({ block: null, received: START, count: null, kind: 'control' });
  let offset = 0;
  for (const [i, definition] of metrics.entries()) {
    const control = encodeControl({ kind: 'metric', metric: `m${i}`, version: i, definition });
    partition.fold({ offset: offset++, time: START, headers, value: Buffer.from(control) });
  }
  for (const [b, block] of blocks.entries()) {
    partition.fold({ ...block, offset: offset++ });
    // As often as a worker would at this rate, so that dirty lists and the archive keep their usual size.
    if (b % 50 === 49) {
      partition.takeUpdates().acknowledge();
      partition.beginFlush();
      partition.commitFlush();
    }
  }
  return partition.counters.events;
}

/** Events a second, the best of the rounds: noise only ever slows. */
function measure(work: () => void): number {
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    work();
    best = Math.max(best, (EVENTS * BLOCKS * 1_000) / (performance.now() - began));
  }
  return Math.round(best);
}

const blocks = makeBlocks();
const bytes = Math.round(blocks[0]!.value.length / EVENTS);
const parseBefore = measure(() => parseOnly(blocks));
const measured = [1, 3, 10].map((count) => {
  const events = measure(() => {
    const folded = foldWith(METRICS.slice(0, count), blocks);
    if (folded !== EVENTS * BLOCKS) throw new Error(`${folded} events were folded`);
  });
  return { metrics: count, eventsPerSecond: events };
});
// Before and after, the better of both: a noisy moment of the reference would flatter all ratios.
const parse = Math.max(
  parseBefore,
  measure(() => parseOnly(blocks)),
);
const folds = measured.map((one) => ({ ...one, ratio: Number((one.eventsPerSecond / parse).toFixed(3)) }));
const result = { what: 'decode + fold beside a bare JSON.parse loop', bytesPerEvent: bytes, parse, folds };
console.table(folds);
console.log(`JSON.parse alone: ${parse} events/s of ${bytes} bytes`);
const folder = join(import.meta.dirname, 'results');
await mkdir(folder, { recursive: true });
await writeFile(join(folder, 'fold.json'), `${JSON.stringify(result, null, 2)}\n`);
