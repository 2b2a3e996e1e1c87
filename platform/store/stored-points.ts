import type { Metric } from '#contracts/metric/metric.ts';
import type { SequencePoint } from '#contracts/metric/sequence.ts';

/** Which points of a metric's sequences in one partition are needed to go on from an offset. */
export interface StoredPoints {
  metric: Metric;
  partition: number;
  /** Only of events at lower offsets. */
  before: number;
  /** Only of events of this time or later, epoch ms, the start of an hour. */
  from: number;
  /** All points from this time on, and of each sequence the last one before; where runs are kept, those that such points need. */
  open: number;
  /** Characters of a dimension's value, as `FoldSettings` has it. */
  valueLength?: number | undefined;
  /** Only those behind it in the log. */
  after: { offset: number; index: number } | null;
  limit: number;
}

/** A point of a sequence, and whose it is. */
export interface StoredPoint extends SequencePoint {
  group: string[];
  key: string;
}
