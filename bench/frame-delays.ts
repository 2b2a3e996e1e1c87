import { createClient } from '#client/index.ts';
import { createDelays } from '../tests/testing/delays.ts';

/** Watches a view of the metric from this process: delays from the receipt of an event to the frame that includes it. */
export function watchFrames(url: string, metric: string) {
  const client = createClient({ url });
  const delays = createDelays();
  client.subscribe(
    { metric, range: '15m' },
    {
      onChange: (_, change): void => {
        if (change !== null && change.received !== null) delays.add(Date.now() - change.received);
      },
    },
  );
  return { delays, close: client.close };
}
