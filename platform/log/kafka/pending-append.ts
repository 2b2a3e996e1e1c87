import type { LogRecord } from '../log.ts';

export interface SenderLimits {
  /** ms an append waits for others to share its request. While a request is under way they gather anyway. */
  linger: number;
  /** Bytes of one partition in one request; a larger single append goes alone. */
  batchBytes: number;
  /** Bytes of one request. */
  requestBytes: number;
  /** Bytes of a single append at most: the brokers take a batch as a whole or not at all. */
  appendBytes: number;
  /** Bytes that may wait; above it appends are refused. */
  pendingBytes: number;
  /** ms after which an append is given up; its records may come all the same. */
  deadline: number;
}

/** A call of `append` that waits or is under way. */
export interface PendingAppend {
  topic: string;
  partition: number;
  records: LogRecord[];
  bytes: number;
  settled: boolean;
  resolve(offsets: number[]): void;
  reject(error: Error): void;
}
