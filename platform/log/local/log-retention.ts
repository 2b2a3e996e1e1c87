import type { TopicSpec } from '#contracts/log/topics.ts';
import type { LocalPartition } from './local-partition.ts';

/** Reads the oldest records' time and size without keeping them. */
export type Peek = (partition: LocalPartition, offset: number) => { time: number; bytes: number };

export interface Drop {
  partition: LocalPartition;
  before: number;
  bytes: number;
}

/**
 * What may go now, at most `limit` records: first what is older than the retention, then the topic's oldest records
 * until it fits its bytes. Once anything of a topic was released, nothing above a partition's release goes, and nothing
 * of partitions without one.
 */
export function planDrops(
  spec: TopicSpec,
  partitions: readonly LocalPartition[],
  now: number,
  peek: Peek,
  limit: number,
): Drop[] {
  const guarded = partitions.some((p) => p.state.released !== null);
  const cursors = partitions.map((partition) => {
    const { start, end, released } = partition.state;
    const bound = guarded ? Math.min(end, released ?? start) : end;
    const head = start < bound ? peek(partition, start) : null;
    return { partition, before: start, bytes: 0, bound, head };
  });
  let held = partitions.reduce((sum, p) => sum + p.state.bytes, 0);
  for (let dropped = 0; dropped < limit; dropped++) {
    const oldest = cursors.reduce((a, b) => (age(b.head) < age(a.head) ? b : a));
    const { head, partition } = oldest;
    if (head === null) break;
    const expired = spec.retention !== null && head.time < now - spec.retention;
    if (!expired && (spec.bytes === null || held <= spec.bytes)) break;
    held -= head.bytes;
    oldest.before++;
    oldest.bytes += head.bytes;
    oldest.head = oldest.before < oldest.bound ? peek(partition, oldest.before) : null;
  }
  return cursors
    .filter((c) => c.before > c.partition.state.start)
    .map(({ partition, before, bytes }) => ({ partition, before, bytes }));
}

const age = (head: { time: number } | null): number => head?.time ?? Number.POSITIVE_INFINITY;
