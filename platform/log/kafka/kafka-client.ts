import type { Bounds, LogRecord, StoredRecord } from '../log.ts';

/**
 * What Millrace needs of a Kafka client library: one implementation per library, everything else in this folder is
 * shared. Topics are named as the brokers know them. Calls reject with ClientError.
 */
export interface KafkaClient {
  /**
   * Writes batches of different partitions, idempotent and with acks from all in-sync replicas, and returns the offset
   * of each batch's first record. Retries until the outcome is known, however long the brokers are unreachable;
   * a rejection is final, and it is unknown what was written. One call at a time.
   */
  send(batches: readonly Batch[]): Promise<number[]>;
  /** The leading node per partition, read from the brokers at each call. Kind `unknown_topic` where there is no such topic. */
  leaders(topic: string): Promise<number[]>;
  /**
   * Asks one node for records at positions, and waits up to `wait` ms for the first. Partitions without any may be
   * missing in the answer. Aborted and control records are left out; `next` is behind them. One call per node at a time.
   */
  fetch(node: number, wanted: readonly Position[], wait: number): Promise<Fetched[]>;
  bounds(topic: string): Promise<Bounds[]>;
  /** Resolves when the topic is there; it may have been before. */
  createTopic(topic: NewTopic): Promise<void>;
  /** Sets these and leaves the topic's other settings. */
  configureTopic(topic: string, config: Readonly<Record<string, string>>): Promise<void>;
  /** Joins a group; keeps trying while the brokers are unreachable. */
  join(options: JoinOptions): GroupMember;
  /** Aborts whatever is under way. Idempotent. */
  close(): Promise<void>;
}

export interface Batch {
  topic: string;
  partition: number;
  records: readonly LogRecord[];
}

export interface Position {
  topic: string;
  partition: number;
  /** The offset to read from. */
  position: number;
}

export interface Fetched {
  topic: string;
  partition: number;
  records: StoredRecord[];
  /** The position behind everything that was read. */
  next: number;
  /** The offset after the last durable record of the partition. */
  end: number;
}

export interface NewTopic {
  name: string;
  partitions: number;
  replicas: number;
  config: Readonly<Record<string, string>>;
}

export interface JoinOptions {
  group: string;
  topic: string;
  /** ms without a heartbeat after which the group gives the member's partitions to others. */
  session: number;
  /** ms between two heartbeats. */
  heartbeat: number;
  /**
   * The group redistributes its partitions. Awaited before the member takes part in that, and no member gets a partition
   * before all members have: what was assigned before must be given up by then.
   */
  revoked(): Promise<void>;
  /** What the member owns from now on. */
  assigned(partitions: readonly number[]): void;
  /** Called when the membership has ended for good, such as for lack of a permission. */
  failed(error: Error): void;
}

export interface GroupMember {
  /** Commits positions to the group, so that tools can show its lag; they are never read back. May be lost; never rejects. */
  commit(positions: readonly { partition: number; position: number }[]): Promise<void>;
  /** Leaves the group, which then redistributes its partitions. Never rejects; gives up after a few seconds. */
  leave(): Promise<void>;
}

/**
 * `unknown_topic`: there is none. `out_of_range`: a position of a fetch. `away`: it may work later.
 */
export type ClientErrorKind = 'unknown_topic' | 'out_of_range' | 'away';

export class ClientError extends Error {
  readonly kind: ClientErrorKind;

  constructor(kind: ClientErrorKind, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'ClientError';
    this.kind = kind;
  }
}

export const kindOf = (error: unknown): ClientErrorKind =>
  error instanceof ClientError ? error.kind : 'away';
