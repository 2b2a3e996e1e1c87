import { encodeBlockHeaders, MAX_BLOCK_BYTES } from '#contracts/log/block.ts';
import { partitionOfText } from '#contracts/log/partitioner.ts';
import { ASCII } from '#contracts/text/ascii.ts';
import type { Log } from '#platform/log/log.ts';
import type { Metrics } from '#platform/process/reporting/metrics.ts';
import type { CheckedEvent } from './core/check-events.ts';
import type { Line } from './core/normalize-time.ts';

const { LINE_FEED } = ASCII;

export interface BlockWriterOptions {
  partitions: number;
  /** ms a block waits for more events. */
  linger: number;
  maxBytes?: number;
}

export interface BlockWriterDeps {
  log: Log;
  metrics: Metrics;
  clock: () => number;
  randomId: () => string;
}

/** Packs events of all requests into blocks, one open block a partition. */
export interface BlockWriter {
  /** Resolves when every one of the events is durable; rejects if that is not known of any. Keeps their order per partition. */
  write(events: readonly CheckedEvent[], received: number): Promise<void>;
  /** Writes open blocks out at once, and waits for them all. */
  drain(): Promise<void>;
}

interface PendingBlock {
  partition: number;
  lines: Line[];
  bytes: number;
  received: number;
  timer: NodeJS.Timeout | null;
  done: Promise<void>;
  outcome: { resolve: () => void; reject: (error: unknown) => void };
}

export function createBlockWriter(options: BlockWriterOptions, deps: BlockWriterDeps): BlockWriter {
  const { partitions, linger, maxBytes = MAX_BLOCK_BYTES } = options;
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
    const sent = append(block, deps).then(block.outcome.resolve, block.outcome.reject);
    running.add(sent);
    sent.finally(() => running.delete(sent));
  };

  const begin = (partition: number, received: number): PendingBlock => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const block: PendingBlock = {
      partition,
      lines: [],
      bytes: 0,
      received,
      timer: null,
      done: promise,
      outcome: { resolve, reject },
    };
    block.timer = setTimeout(send, linger, block);
    open.set(partition, block);
    return block;
  };

  return {
    async write(events, received) {
      const blocks = new Set<PendingBlock>();
      for (const { line, routeBy } of events) {
        const size = line.end - line.start + 1;
        const partition = place(routeBy);
        let block = open.get(partition);
        if (block !== undefined && block.bytes + size > maxBytes) {
          send(block);
          block = undefined;
        }
        block ??= begin(partition, received);
        block.lines.push(line);
        block.bytes += size;
        blocks.add(block);
      }
      await waitForAll([...blocks].map((block) => block.done));
    },
    async drain() {
      for (const block of [...open.values()]) send(block);
      await Promise.all(running);
    },
  };
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
  for (const { bytes, start, end } of block.lines) {
    value.set(bytes.subarray(start, end), at);
    at += end - start;
    value[at++] = LINE_FEED;
  }
  const headers = encodeBlockHeaders({
    block: randomId(),
    received: block.received,
    count: block.lines.length,
    kind: 'events',
  });
  const started = clock();
  await log.append('events', block.partition, [{ key: null, value, headers }]);
  metrics.observe('millrace_ingest_append_seconds', (clock() - started) / 1_000);
  metrics.add('millrace_ingest_blocks_total');
}
