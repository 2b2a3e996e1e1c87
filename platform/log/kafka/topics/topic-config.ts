import type { TopicSpec } from '#contracts/log/topics.ts';
import { DAY, MINUTE } from '#contracts/text/duration.ts';

/** Bytes of one append at most; with room for what the brokers add, the largest batch of a topic. */
export const APPEND_BYTES = 8_000_000;
const BATCH_BYTES = 8_388_608;

const SMALLEST_SEGMENT = 16_777_216;
const LARGEST_SEGMENT = 1_073_741_824;

/**
 * The topic's settings at the brokers. Records go by the time of their append, whatever a producer's clock says, and
 * segment by segment: so those are made small enough to be a part of what is kept. Brokers unpack what a producer has
 * compressed: a client that lacks its codec could not read the partition any further.
 */
export function topicConfig(
  { retention, bytes, partitions }: TopicSpec,
  minInsync: number,
): Record<string, string> {
  const perPartition = bytes === null ? null : Math.floor(bytes / partitions);
  const segmentBytes = perPartition === null ? LARGEST_SEGMENT : perPartition / 8;
  return {
    'cleanup.policy': 'delete',
    'compression.type': 'uncompressed',
    'message.timestamp.type': 'LogAppendTime',
    'max.message.bytes': String(BATCH_BYTES),
    'min.insync.replicas': String(minInsync),
    'retention.ms': String(retention ?? -1),
    'retention.bytes': String(perPartition ?? -1),
    'segment.ms': String(retention === null ? 7 * DAY : Math.max(MINUTE, Math.floor(retention / 6))),
    'segment.bytes': String(Math.floor(Math.min(LARGEST_SEGMENT, Math.max(SMALLEST_SEGMENT, segmentBytes)))),
  };
}
