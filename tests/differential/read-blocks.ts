import { DEFAULT_LIMITS } from '#contracts/event/event.ts';
import { scanEvent } from '#contracts/event/event-scan.ts';
import { HEADER } from '#contracts/log/block.ts';
import type { Log } from '#platform/log/log.ts';
import { recordsOf } from '../testing/topic-records.ts';

/** An event that counts: no repeat, and not refused. */
export interface OracleEvent {
  offset: number;
  name: string;
  id: string | null;
  key: string | null;
  ts: number;
  /** The partition's watermark before the event's block. */
  watermark: number | null;
  properties: object;
}

export interface PartitionTruth {
  events: OracleEvent[];
  counters: { duplicates: number; repeatedBlocks: number; rejected: number };
  /** Lines that ingest had accepted. */
  ingested: number;
}

const HORIZON = 3_600_000;

/** What the partitions of the events topic hold by rules 1, 2 and 3, computed naively. */
export async function readBlocks(log: Log, partitions: number): Promise<PartitionTruth[]> {
  const bounds = await log.bounds('events');
  const records = await recordsOf(log, 'events');
  // Records are in the order of partitions; the bounds say how many each has.
  let taken = 0;
  return bounds.slice(0, partitions).map(({ start, end }) => {
    const mine = records.slice(taken, taken + end - start);
    taken += end - start;
    return readPartition(mine);
  });
}

function readPartition(records: Awaited<ReturnType<typeof recordsOf>>): PartitionTruth {
  const truth: PartitionTruth = {
    events: [],
    counters: { duplicates: 0, repeatedBlocks: 0, rejected: 0 },
    ingested: 0,
  };
  const blocks = new Set<string>();
  const firsts = new Map<string, number>();
  let watermark: number | null = null;
  for (const { offset, headers, time, value } of records) {
    if (headers[HEADER.kind] === 'control') continue;
    const block = headers[HEADER.block];
    if (block !== undefined && blocks.has(block)) {
      truth.counters.repeatedBlocks++;
      continue;
    }
    if (block !== undefined) blocks.add(block);
    const received = block === undefined ? time : Number(headers[HEADER.received]);
    const lines = Buffer.from(value)
      .toString()
      .split('\n')
      .filter((line) => line.trim() !== '');
    const good = block === undefined ? lines.filter(isEvent) : lines;
    truth.counters.rejected += lines.length - good.length;
    if (block !== undefined) truth.ingested += lines.length;
    const before: number | null = watermark;
    const dead = (before ?? -Infinity) - HORIZON;
    for (const line of good) {
      const { event, id, key = null, timestamp, properties = {} } = JSON.parse(line);
      const ts = readTime(timestamp) ?? received;
      watermark = Math.max(watermark ?? 0, Math.min(ts, received));
      const identity = JSON.stringify([key, id]);
      if (id !== undefined && (firsts.get(identity) ?? -Infinity) > dead) {
        truth.counters.duplicates++;
        continue;
      }
      if (id !== undefined) firsts.set(identity, ts);
      truth.events.push({ offset, name: event, id: id ?? null, key, ts, watermark: before, properties });
    }
  }
  return truth;
}

/** Whether a foreign line is an event at all is for the scanner to say; its own tests hold it. */
function isEvent(line: string): boolean {
  const bytes = Buffer.from(line);
  return scanEvent(bytes, 0, bytes.length, DEFAULT_LIMITS).ok;
}

/** The forms that the workload writes: ms, µs, ISO 8601. */
function readTime(timestamp: unknown): number | null {
  if (typeof timestamp === 'number') return timestamp > 1e14 ? Math.floor(timestamp / 1_000) : timestamp;
  return typeof timestamp === 'string' ? Date.parse(timestamp) : null;
}
