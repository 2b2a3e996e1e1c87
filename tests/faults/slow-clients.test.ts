import { expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { connectRaw, type Followed, follow, type RawClient } from '../protocol/raw-client.ts';
import { eventually } from '../testing/eventually.ts';
import { defineHits } from './hits.ts';
import { readFigures } from './server-figures.ts';
import { totalOf } from './total-of.ts';
import { useMillrace } from './use-millrace.ts';

const FROZEN = 200;
const SILENT = 50;
const HEALTHY = 5;
const GROUPS = 2_000;
const CREDIT = 65_536;
/** Frames of one client under the load below, MB: what an unbounded queue would hold for each of the slow ones. */
const LEAST_PER_CLIENT = 2;
const VIEW = { metric: 'hits', window: '1s', range: '10m' };
const millrace = useMillrace();

interface Page {
  client: RawClient;
  view: Followed;
}

async function openPages(url: string, count: number, silent = false): Promise<Page[]> {
  const pages: Page[] = [];
  for (let i = 0; i < count; i++) {
    const client = await connectRaw(url, 'websocket');
    pages.push({ client, view: await follow(client, { request: VIEW }, { silent }) });
  }
  return pages;
}

/** A frozen client reads nothing, so its bytes stay in the kernel's buffers. */
const webSocketOf = ({ client }: Page): WebSocket =>
  (client.socket.io.engine.transport as unknown as { ws: WebSocket }).ws;

/** One event for each group and always of the same second: every batch changes every series, and none needs more memory. */
async function sendBatches(url: string, timestamp: number, batches: number): Promise<void> {
  for (let b = 0; b < batches; b++) {
    const events = Array.from({ length: GROUPS }, (_, i) => ({
      event: 'hit',
      timestamp,
      properties: { shop: `s${i}` },
    }));
    const answer = await fetch(`${url}/v1/events`, { method: 'POST', body: JSON.stringify(events) });
    expect(answer.status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}
const newest = ({ view }: Page): number => totalOf(view.contents);

it(`${FROZEN} frozen and ${SILENT} silent clients: memory stays bounded, others see the newest value, all catch up`, async () => {
  const { url } = await millrace.start({ MILLRACE_CREDIT: String(CREDIT) });
  await defineHits(url);
  const healthy = await openPages(url, HEALTHY);
  const frozen = await openPages(url, FROZEN);
  const silent = await openPages(url, SILENT, true);
  const timestamp = Date.now();
  let sent = 0;
  const load = async (batches: number): Promise<void> => {
    await sendBatches(url, timestamp, batches);
    sent += batches * GROUPS;
  };
  const all = (pages: Page[]): Promise<unknown> =>
    eventually(
      () => pages.filter((page) => newest(page) !== sent).length,
      (others) => others === 0,
    );
  // What the process needs for the load alone is there before the measurement.
  for (let round = 0; round < 3; round++) {
    await load(30);
    await all([...healthy, ...frozen]);
  }
  const before = await readFigures(url);
  const seenBefore = frozen.map(newest);
  for (const page of frozen) webSocketOf(page).pause();

  let bytes = 0;
  healthy[0]!.client.socket.on('frame', (frame) => (bytes += JSON.stringify(frame).length));
  // No longer than needed: a frozen client answers no pings, and is disconnected after 25 s.
  for (let round = 0; round < 10 && bytes / 1e6 <= LEAST_PER_CLIENT; round++) {
    await load(30);
    await all(healthy);
  }
  const after = await readFigures(url);
  console.log(
    `${FROZEN + SILENT} slow clients: ${before.memory} MB before, ${after.memory} MB after ${Math.round(bytes / 1e4) / 100} MB ` +
      `for each of the others; loop delay ${after.delay} ms (p99)`,
  );
  expect(bytes / 1e6).toBeGreaterThan(LEAST_PER_CLIENT);
  expect(frozen.map(newest)).toEqual(seenBefore);
  const owed = ((FROZEN + SILENT) * CREDIT) / 1e6;
  expect(after.memory - before.memory).toBeLessThan(owed + 250);
  expect(owed + 250).toBeLessThan((FROZEN + SILENT) * LEAST_PER_CLIENT);

  for (const page of frozen) webSocketOf(page).resume();
  await all(frozen);
  // A silent client acknowledges nothing, keeps its connection, and is sent no more than its credit.
  for (const page of silent) expect(page.client.socket.connected).toBe(true);
  for (const { client } of [...healthy, ...frozen, ...silent]) client.close();
});
