import { postBatch } from '../testing/post-batch.ts';
import type { CrashEvent } from './crash-workload.ts';

/** Posts batches one after another; one that got no answer is sent again, same ids, until it is acknowledged. */
export function startWriter(url: string, next: () => CrashEvent[]): { stop(): Promise<number> } {
  let stopping = false;
  let acknowledged = 0;
  const run = async (): Promise<void> => {
    while (!stopping) {
      const batch = next();
      while (!(await postBatch(url, batch, 10_000))) await new Promise((resolve) => setTimeout(resolve, 50));
      acknowledged += 1;
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopping = true;
      await running;
      return acknowledged;
    },
  };
}
