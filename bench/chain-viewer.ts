/**
 * The viewer of chain.bench.ts, a process of its own: the SDK, subscribed to every metric. It answers each message with
 * the delays since the last one, from the oldest receipt that a change newly includes until the change is applied.
 */
import { createClient } from '#client/index.ts';
import { createDelays } from '../tests/testing/delays.ts';

const [url, ...metrics] = process.argv.slice(2) as [string, ...string[]];
const client = createClient({ url });
const delays = createDelays();
const waiting = new Set(metrics);

for (const metric of metrics) {
  client.subscribe(
    { metric },
    {
      onChange: (_, change) => {
        if (waiting.delete(metric) && waiting.size === 0) process.send!('ready');
        if (change !== null && change.received !== null) delays.add(Date.now() - change.received);
      },
    },
  );
}
process.on('message', () => {
  process.send!(delays.summary());
  delays.clear();
});
process.on('disconnect', () => process.exit());
