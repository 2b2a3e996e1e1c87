import type { CrashEvent } from './workload.ts';

/** Posts batches one after another; one that got no answer is sent again, same ids, until it is acknowledged. */
export function startWriter(url: string, next: () => CrashEvent[]): { stop(): Promise<number> } {
  let stopping = false;
  let acknowledged = 0;
  const run = async (): Promise<void> => {
    while (!stopping) {
      const batch = next();
      while (!(await post(url, batch))) await new Promise((resolve) => setTimeout(resolve, 50));
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

/** Whether the batch is durable; throws when an event was refused, since none should be. */
async function post(url: string, batch: CrashEvent[]): Promise<boolean> {
  let answer: Response;
  try {
    answer = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: batch.map((event) => JSON.stringify(event)).join('\n'),
      signal: AbortSignal.timeout(10_000),
    });
    if (answer.status !== 200) return false;
    const { rejected, errors } = (await answer.json()) as { rejected: number; errors: unknown[] };
    if (rejected === 0) return true;
    throw new RangeError(`refused: ${JSON.stringify(errors.slice(0, 3))}`);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return false;
  }
}
