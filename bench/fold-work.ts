import type { Block } from '#aggregator/core/decode/read-block.ts';
import { Partition } from '#aggregator/core/partition.ts';
import { restoredEmpty } from '#aggregator/core/restore/restore-partition.ts';
import { encodeBlockHeaders } from '#contracts/log/block.ts';
import { type Control, encodeControl, type FoldSettings } from '#contracts/log/control.ts';
import type { PaneRow } from '#contracts/log/rows.ts';

/** The events and metrics over which the benches of the fold run, and the fold as an owner of a partition does it. */
export const START = 1_700_000_000_000;
export const EVENTS_A_BLOCK = 500;
const BLOCK_MS = 50;
/** Blocks between two flushes: about as many as a worker would take in at this rate. */
const FLUSH_EVERY = 50;

export type Definition = Record<string, unknown>;

export const TEN_METRICS: readonly Definition[] = [
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

const COUNTRIES = ['DE', 'FR', 'JP', 'US', 'BR'];
const PLANS = ['free', 'pro', 'team'];

/** Events of a shop in blocks as ingest makes them. `groups`: how many different values `shelf` has; 0 leaves it out. */
export function makeBlocks(blocks: number, groups = 0): Block[] {
  return Array.from({ length: blocks }, (_, b) => {
    const lines = Array.from({ length: EVENTS_A_BLOCK }, (_, i) => {
      const n = b * EVENTS_A_BLOCK + i;
      return JSON.stringify({
        event: 'checkout',
        id: `018f6e00-0000-7000-8000-${String(n).padStart(12, '0')}`,
        timestamp: START + b * BLOCK_MS + (i % BLOCK_MS),
        key: `u_${n % 5_000}`,
        properties: {
          country: COUNTRIES[n % COUNTRIES.length],
          plan: PLANS[n % PLANS.length],
          amount: (n % 1_000) / 10,
          latency_ms: 5 + (n % 400) / 7,
          user: `u_${n % 5_000}`,
          // A stride without a common factor, so that the order of groups is bad for caches.
          ...(groups > 0 ? { shelf: `s_${(n * 7_919) % groups}` } : {}),
        },
      });
    });
    const received = START + b * BLOCK_MS + 60;
    const headers = encodeBlockHeaders({ block: `b${b}`, received, count: EVENTS_A_BLOCK, kind: 'events' });
    return { offset: 0, time: received, headers, value: Buffer.from(lines.join('\n')) };
  });
}

/** An owner with these metrics, before its first event. */
export function openFold(metrics: readonly Definition[], settings: FoldSettings | null = null): Partition {
  const options = { partition: 0, identity: 'bench', replayUntil: 0, idKey: { k0: 1, k1: 2 } };
  const partition = new Partition(options, restoredEmpty());
  const headers = encodeBlockHeaders({ block: null, received: START, count: null, kind: 'control' });
  const take = (control: Control): void => {
    const value = Buffer.from(encodeControl(control));
    const refused = partition.fold({ offset: partition.nextOffset, time: START, headers, value });
    if (refused.length > 0) throw new Error(refused[0]!.fault.message);
  };
  if (settings !== null) take({ kind: 'settings', settings });
  for (const [i, definition] of metrics.entries())
    take({ kind: 'metric', metric: `m${i}`, version: i, definition });
  return partition;
}

/** Folds all blocks, published and flushed as often as a worker would, so that lists keep their usual size. */
export function foldBlocks(partition: Partition, blocks: readonly Block[]): void {
  for (const [b, block] of blocks.entries()) {
    partition.fold({ ...block, offset: partition.nextOffset });
    if (b % FLUSH_EVERY !== FLUSH_EVERY - 1) continue;
    partition.drainUpdates().acknowledge();
    partition.beginFlush();
    partition.commitFlush();
    Array.from(partition.evicting());
  }
  const { events } = partition.counters;
  if (events !== blocks.length * EVENTS_A_BLOCK) throw new Error(`${events} events were folded`);
}

/** The pane rows that a fold of all blocks gives, captured in one flush. */
export function foldToRows(metrics: readonly Definition[], blocks: readonly Block[]): PaneRow[] {
  const partition = openFold(metrics);
  for (const block of blocks) partition.fold({ ...block, offset: partition.nextOffset });
  return partition.beginFlush()!.panes;
}
