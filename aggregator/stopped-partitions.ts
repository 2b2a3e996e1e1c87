import type { MillraceError } from '#contracts/errors.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';

/** Partitions of ours whose next record the log cannot give. The others go on. */
export interface StoppedPartitions {
  add(partition: number, error: MillraceError): void;
  /** It is no longer ours. */
  remove(partition: number): void;
  /** For `/ready`: the first of them and what to do; null where all is well. */
  describe(): string | null;
}

export function createStoppedPartitions(logger: Logger): StoppedPartitions {
  const words = new Map<number, string>();
  return {
    add(partition, { code, message }) {
      const text = `${message} The partition has stopped: restore Log and Store from the same backup.`;
      words.set(partition, text);
      logger.error({ partition, code }, text);
    },
    remove: (partition) => void words.delete(partition),
    describe() {
      const [first] = words.values();
      return first === undefined ? null : `aggregator: ${first}`;
    },
  };
}
