import type { MillraceError } from '#contracts/errors.ts';
import type { TopicName, TopicSpec } from '#contracts/log/topics.ts';

/** A record to append. Header names and values are text. */
export interface LogRecord {
  /** Kept with the record; it does not choose the partition, the caller does. */
  key: Uint8Array | null;
  value: Uint8Array;
  headers: Record<string, string>;
}

export interface StoredRecord extends LogRecord {
  offset: number;
  /** The log's own time of the append, epoch ms. */
  time: number;
}

/** Longest value of a record in bytes: what every adapter can take in one piece, with room for headers. */
export const MAX_RECORD_BYTES = 1_000_000;

/** What a partition holds: offsets in [start, end). An empty partition has start = end. */
export interface Bounds {
  partition: number;
  start: number;
  end: number;
}

/** Calls come one at a time per partition; those of different partitions may overlap. */
export interface ConsumerHandlers {
  /** The partition is ours now; returns the offset to start at. One out of bounds ends the consumer through `failed`. */
  assigned(partition: number): Promise<number>;
  /**
   * The partition goes to another consumer, or ours is being closed; no batch of it follows. Awaited before the other may
   * start, where the log can wait. Not called after `failed` is certain.
   */
  revoked(partition: number): Promise<void>;
  /**
   * Records in offset order, without gaps in order but not necessarily without gaps in numbers. The next batch of
   * the partition comes when the promise resolves: that is the back-pressure.
   */
  batch(partition: number, records: StoredRecord[]): Promise<void>;
  /**
   * The log cannot give the partition's next record (`log_damaged`): nothing of it comes any more, the other partitions go on,
   * and `revoked` is still called. Without this handler the whole consumer ends, through `failed`.
   */
  stopped?(partition: number, error: MillraceError): void;
  /** The consumer has ended for good: a handler threw, or the log did (code `position_out_of_bounds`, `log_unavailable`). */
  failed(error: Error): void;
}

/**
 * A running `consume` or `tail`. `close` gives partitions up (`revoked`) and resolves when no handler runs any more;
 * it is idempotent. A handler that awaits it waits for itself.
 */
export interface Subscription {
  close(): Promise<void>;
}

/**
 * The Log: append-only topics of partitions. Adapters: memory (the reference), LMDB, Kafka; one conformance
 * suite (`log.conformance.ts`) holds them to this text.
 */
export interface Log {
  /** Creates what is missing and takes over changed retentions; a topic that exists with another partition count is refused (`unsupported_format`). Idempotent. */
  ensureTopics(specs: readonly TopicSpec[]): Promise<void>;

  /**
   * Appends records in order to one partition and returns their offsets, ascending, when all are durable (on disk, or
   * acknowledged by all in-sync replicas). All or none. Rejects with `log_unavailable` when that cannot be known before
   * the adapter's deadline: the records may or may not be there, and a retry may double them (block ids make that harmless);
   * with `overloaded` when too much waits already, with `out_of_range` above MAX_RECORD_BYTES: then nothing was taken.
   * Appends to one partition take effect in the order of the calls. The records may be changed as soon as the call returns.
   */
  append(topic: TopicName, partition: number, records: readonly LogRecord[]): Promise<number[]>;

  /**
   * Joins a group that shares the partitions of a topic: every partition has one consumer of the group at a time, but a
   * consumer that has stalled may learn late that it lost one. Positions are kept by the caller, never by the log.
   * Only durable records are delivered.
   */
  consume(topic: TopicName, group: string, handlers: ConsumerHandlers): Promise<Subscription>;

  /** Current bounds of every partition, ascending by partition; `end` counts durable records only. */
  bounds(topic: TopicName): Promise<Bounds[]>;

  /**
   * Follows one partition from an offset, outside any group. `handler` calls do not overlap; the next waits for the
   * promise. An offset out of bounds, or retention overtaking the reader, ends it through `failed` (`position_out_of_bounds`);
   * so does a damaged record, when all before it has been handled (`log_damaged`).
   */
  tail(
    topic: TopicName,
    partition: number,
    from: number,
    handler: (records: StoredRecord[]) => Promise<void> | void,
    failed: (error: Error) => void,
  ): Promise<Subscription>;

  /**
   * Records below `before` are no longer needed: retention may drop them, and never drops a record of a released topic
   * above it. Durable. A lower `before` than an earlier one changes nothing; one above the end is refused
   * (`position_out_of_bounds`). Releasing 0 guards a topic from the start. Topics without any release go by time and bytes alone.
   * Kafka cannot hold its retention back: there it goes by time and bytes alone, and a reader that is overtaken ends with `position_out_of_bounds`.
   */
  release(topic: TopicName, partition: number, before: number): Promise<void>;

  /** Ends all subscriptions, waits for pending appends, closes files or sockets. Idempotent. Other calls then reject with `shutting_down`. */
  close(): Promise<void>;
}
