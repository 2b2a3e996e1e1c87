import type { TopicName, TopicSpec } from '#contracts/log/topics.ts';

/** What is durable of a partition: records in [start, end), contiguous. */
export interface PartitionState {
  start: number;
  end: number;
  /** Of the stored records. */
  bytes: number;
  /** Records from here on may not be dropped; null while nothing has been released. */
  released: number | null;
}

/** One partition's part of a commit: records to add from `first` on, records to drop in [dropFrom, dropTo), the state after it. */
export interface PartitionWrite {
  topic: TopicName;
  partition: number;
  first: number;
  /** As record-codec.ts encodes them; the storage may set their checksums. */
  records: readonly Uint8Array[];
  dropFrom: number;
  dropTo: number;
  /** Of the dropped records. */
  dropBytes: number;
  state: PartitionState;
}

/**
 * Where a local log keeps its bytes. There is one writer: `commit` is never called while another runs.
 * Reads answer what the last resolved commit left.
 */
export interface Storage {
  topics(): TopicSpec[];
  /** Creates the topic, or replaces the retention of an existing one. Durable when resolved. */
  saveTopic(spec: TopicSpec): Promise<void>;
  /** Durable state of a partition of a saved topic. Throws `log_damaged`. */
  readState(topic: TopicName, partition: number): PartitionState;
  /**
   * All writes or none; durable when resolved. A rejection leaves open which of both, but for `disk_full` and
   * `data_folder_lost` before the commit: nothing was written then.
   */
  commit(writes: readonly PartitionWrite[]): Promise<void>;
  /** The encoded record; its bytes are the caller's. Null when there is none. Throws `log_damaged` where it is not what was committed. */
  read(topic: TopicName, partition: number, offset: number): Uint8Array | null;
  /** Append time and stored size of a record, without a copy of it. Null when there is none; a damaged one has no time. */
  peek(topic: TopicName, partition: number, offset: number): { time: number | null; bytes: number } | null;
  close(): Promise<void>;
}

export const emptyState = (): PartitionState => ({ start: 0, end: 0, bytes: 0, released: null });
