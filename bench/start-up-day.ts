import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../tests/testing/eventually.ts';
import { startMillrace } from '../tests/testing/millrace-process.ts';
import { readSeries, total } from '../tests/testing/series.ts';
import { WIDE_LIMITS } from '../tests/testing/wide-limits.ts';

const DAY = 86_400_000;
const BATCH = 5_000;
const WAIT = 120_000;
const METRICS = {
  orders: { event: 'order', aggregate: 'count', groupBy: ['country'], window: '1m' },
  revenue: { event: 'order', aggregate: 'sum(amount)', groupBy: ['country', 'plan'], window: '1m' },
  latency: {
    event: 'order',
    aggregate: 'quantiles(latency_ms, 0.5, 0.99)',
    groupBy: ['country'],
    window: '1m',
  },
};

async function send(
  url: string,
  method: 'PUT' | 'POST',
  body: string,
  type = 'application/json',
): Promise<void> {
  const answer = await fetch(url, { method, body, headers: { 'content-type': type } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
}

const eventAt = (timestamp: number, i: number): string =>
  JSON.stringify({
    event: 'order',
    id: `order-${i}`,
    timestamp: new Date(timestamp).toISOString(),
    properties: {
      country: ['DE', 'FR', 'US', 'JP', 'BR'][i % 5],
      plan: ['free', 'pro', 'team'][i % 3],
      amount: (i % 9_973) / 100,
      latency_ms: (i % 997) / 10,
    },
  });

/** Fills a data folder by the real process: events of the last 24 hours in the order of their time, counted by three metrics. Its size in bytes. */
export async function fillDay(data: string, port: number, events: number): Promise<number> {
  const millrace = await startMillrace({ data, port, env: WIDE_LIMITS });
  try {
    for (const [id, metric] of Object.entries(METRICS)) {
      await send(`${millrace.url}/v1/metrics/${id}`, 'PUT', JSON.stringify(metric));
    }
    const from = Date.now() - DAY;
    for (let first = 0; first < events; first += BATCH) {
      const count = Math.min(BATCH, events - first);
      const lines = Array.from({ length: count }, (_, i) =>
        eventAt(from + ((first + i) * DAY) / events, first + i),
      );
      await send(`${millrace.url}/v1/events`, 'POST', lines.join('\n'), 'application/x-ndjson');
    }
    const counted = async (): Promise<number> =>
      total(await readSeries(millrace.url, 'orders', '?window=1h&range=25h'));
    await eventually(counted, (sum) => sum === events, WAIT);
  } finally {
    await millrace.stop();
  }
  return sizeOf(data);
}

async function sizeOf(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = files.filter((file) => file.isFile()).map((file) => stat(join(file.parentPath, file.name)));
  // What lies on the disk: the log's file is sparse.
  return (await Promise.all(sizes)).reduce((sum, { blocks }) => sum + blocks * 512, 0);
}
