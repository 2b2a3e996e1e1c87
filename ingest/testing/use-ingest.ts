import { afterEach } from 'vitest';
import { type Harness, type HarnessOptions, startIngest } from './harness.ts';

/** Returns how a test starts an ingest; what runs at its end is closed. */
export function useIngest(): (options?: HarnessOptions) => Promise<Harness> {
  const running: Harness[] = [];
  afterEach(async () => {
    for (const harness of running.splice(0)) await harness.close();
  });
  return async (options) => {
    const harness = await startIngest(options);
    running.push(harness);
    return harness;
  };
}
