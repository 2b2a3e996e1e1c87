import { createHash } from 'node:crypto';
import { encodeBlockHeaders, MAX_BLOCK_BYTES } from '#contracts/log/block.ts';
import { partitionOfText } from '#contracts/log/partitioner.ts';
import { ASCII } from '#contracts/text/ascii.ts';
import type { Log } from '#platform/log/log.ts';
import type { Metrics } from '#platform/process/reporting/metrics.ts';
import type { CheckedEvent } from './core/check-events.ts';
import type { LateEvents } from './late-events.ts';

const { LINE_FEED } = ASCII;

export interface BlockWriterOptions {
  partitions: number;
  /** ms a block waits for more events. */
  linger: number;
  maxBytes?: number;
  /** Whether the events are imported history. */
  imported?: boolean;
}

export interface BlockWriterDeps {
  log: Log;
  metrics: Metrics;
  clock: () => number;
  randomId: () => string;
  late: LateEvents;
}

/**
 * Packs events of all requests into blocks, one open block a partition. Blocks of an import hold one request's events: where all of
 * them have ids, the block's id is made of its bytes, and a request that is sent once more is skipped by the fold (rule 1).
 */
export interface BlockWriter {
  /**
   * Resolves when every one of the events is durable, with the number of those that are late; rejects if it is not known of any.
   * Keeps their order per partition.
   */
  write(events: readonly CheckedEvent[], received: number): Promise<number>;
  /** Writes open blocks out at once, and waits for them all. */
  drain(): Promise<void>;
}

interface PendingBlock {
  partition: number;
  events: CheckedEvent[];
  /** What counts the late events of the request that each event is of. */
  tallies: Tally[];
  bytes: number;
  received: number;
  imported: boolean;
  timer: NodeJS.Timeout | null;
  done: Promise<void>;
  outcome: { resolve: () => void; reject: (error: unknown) => void };
}

interface Tally {
  late: number;
}

export function createBlockWriter(options: BlockWriterOptions, deps: BlockWriterDeps): BlockWriter {
  const { partitions, linger, maxBytes = MAX_BLOCK_BYTES, imported = false } = options;
  const open = new Map<number, PendingBlock>();
  const running = new Set<Promise<void>>();
  let turn = 0;

  const place = (routeBy: string | null): number => {
    if (routeBy !== null) return partitionOfText(routeBy, partitions);
    turn = (turn + 1) % partitions;
    return turn;
  };

  const send = (block: PendingBlock): void => {
    open.delete(block.partition);
    if (block.timer !== null) clearTimeout(block.timer);
    if (!block.imported) countLate(block, deps.late);
    const sent = append(block, deps).then(block.outcome.resolve, block.outcome.reject);
    running.add(sent);
    sent.finally(() => running.delete(sent));
  };

  const begin = (partition: number, received: number): PendingBlock => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const block: PendingBlock = {
      partition,
      events: [],
      tallies: [],
      bytes: 0,
      received,
      imported,
      timer: null,
      done: promise,
      outcome: { resolve, reject },
    };
    if (!imported) block.timer = setTimeout(send, linger, block);
    open.set(partition, block);
    return block;
  };

  const sendOpen = (): void => {
    for (const block of [...open.values()]) send(block);
  };

  return {
    async write(events, received) {
      const blocks = new Set<PendingBlock>();
      const tally: Tally = { late: 0 };
      for (const event of events) {
        const { line, routeBy } = event;
        const size = line.end - line.start + 1;
        const partition = place(routeBy);
        let block = open.get(partition);
        if (block !== undefined && block.bytes + size > maxBytes) {
          send(block);
          block = undefined;
        }
        block ??= begin(partition, received);
        block.events.push(event);
        block.tallies.push(tally);
        block.bytes += size;
        blocks.add(block);
      }
      if (imported) sendOpen();
      await waitForAll([...blocks].map((block) => block.done));
      return tally.late;
    },
    async drain() {
      sendOpen();
      await Promise.all(running);
    },
  };
}

function countLate({ partition, events, tallies, received }: PendingBlock, late: LateEvents): void {
  const timed = events.map(({ event, ts }) => ({ event, ts: ts ?? received }));
  for (const [i, isLate] of late.judge(partition, timed, received).entries()) if (isLate) tallies[i]!.late++;
}

/** Waits for all before it fails, so that nothing is still under way when the request is answered. */
async function waitForAll(promises: Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(promises)).find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function append(
  block: PendingBlock,
  { log, metrics, clock, randomId }: BlockWriterDeps,
): Promise<void> {
  const value = new Uint8Array(block.bytes);
  let at = 0;
  for (const { line } of block.events) {
    const { bytes, start, end } = line;
    value.set(bytes.subarray(start, end), at);
    at += end - start;
    value[at++] = LINE_FEED;
  }
  const { received, imported, events } = block;
  const isTold = imported && events.every(({ hasId }) => hasId);
  const headers = encodeBlockHeaders({
    block: isTold ? createHash('sha256').update(value).digest('hex') : randomId(),
    received,
    count: events.length,
    kind: 'events',
    imported,
  });
  const started = clock();
  await log.append('events', block.partition, [{ key: null, value, headers }]);
  metrics.observe('millrace_ingest_append_seconds', (clock() - started) / 1_000);
  metrics.add('millrace_ingest_blocks_total');
}
