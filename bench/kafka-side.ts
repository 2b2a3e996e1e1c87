/** A block as it goes to the brokers. */
export interface BenchBlock {
  partition: number;
  value: Buffer;
  headers: Record<string, string>;
}

/** One way to write and read blocks in `kafka-log.bench.ts`. */
export interface KafkaSide {
  name: string;
  /** Writes blocks that were handed over together; resolves when the brokers have acknowledged all. */
  write(blocks: readonly BenchBlock[]): Promise<void>;
  /**
   * Reads every partition from `starts` on, and calls `read` with the values of a batch. Resolves when reading has
   * begun, with what ends it.
   */
  read(
    starts: readonly number[],
    read: (values: readonly Uint8Array[]) => void,
  ): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** What the adapter asks for in one request; the others are given the same. */
export const FETCH = { partition: 2_000_000, all: 8_000_000, wait: 100 };
