import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import { createClient } from '#client/index.ts';
import { emptyContents, type ViewContents } from '#contracts/view/frame.ts';
import { openEmbeddedStore } from '#platform/store/open-store.ts';
import { eventually } from '../testing/eventually.ts';
import { freePort } from '../testing/free-port.ts';
import { type MillraceProcess, startMillrace } from '../testing/millrace-process.ts';
import { readSeries, total } from '../testing/series.ts';
import { compareWithSqlFold } from './compare-with-sql-fold.ts';
import { createWorkload } from './crash-workload.ts';
import { startWriter } from './writer.ts';

const KILLS = readRuns(process.env.CRASH_RUNS ?? '10');
const SEED = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 2 ** 31));

let data: string;
let millrace: MillraceProcess | null = null;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'millrace-crash-'));
});
afterAll(async () => {
  await millrace?.kill();
  await rm(data, { recursive: true, force: true });
});

it(`survives kill -9 at ${KILLS} random points under load (CRASH_SEED=${SEED})`, async () => {
  console.log(`CRASH_SEED=${SEED}`);
  const { next, unique, random } = createWorkload(SEED);
  const port = await freePort();
  millrace = await startMillrace({ data, port });
  const { url } = millrace;
  await define(url, 'hits', { aggregate: 'count', groupBy: ['shop'] });
  await define(url, 'weight', { aggregate: 'sum(n)' });
  await define(url, 'spread', { aggregate: 'quantiles(n, 0.5, 0.99)' });

  const client = createClient({ url });
  let seen: ViewContents = emptyContents();
  client.subscribe(
    { metric: 'hits', window: '10s', range: '30m' },
    { onChange: (contents) => (seen = contents) },
  );

  const writers = [1, 2].map(() => startWriter(url, () => next(Date.now())));
  for (let kill = 0; kill < KILLS; kill++) {
    await new Promise((resolve) => setTimeout(resolve, 200 + random() * 2_000));
    await millrace.kill();
    millrace = await startMillrace({ data, port });
  }
  const batches = await Promise.all(writers.map((writer) => writer.stop()));
  expect(Math.min(...batches)).toBeGreaterThan(KILLS);

  const expected = unique.size;
  const weight = [...unique.values()].reduce((sum, e) => sum + e.properties.n, 0);
  await eventually(
    () => readSeries(url, 'hits', '?range=30m').then(total),
    (n) => n === expected,
    60_000,
  );
  await eventually(
    () => readSeries(url, 'weight', '?range=30m').then(total),
    (n) => n === weight,
  );
  // The SDK's client has survived all of it, by itself.
  await eventually(
    () => sumOf(seen),
    (n) => n === expected,
    60_000,
  );
  const live = {
    hits: await readSeries(url, 'hits', '?range=30m&window=1s'),
    weight: await readSeries(url, 'weight', '?range=30m&window=1s'),
    spread: await readSeries(url, 'spread', '?range=30m&window=1s'),
  };
  await client.close();
  expect(await millrace.stop()).toBe(0);
  const options = { folder: join(data, 'store'), memory: 1_500_000_000, sessions: 2 };
  const store = await openEmbeddedStore(options, { aggregateOf });
  try {
    // The archive holds every event once.
    expect(await store.countEvents()).toBe(expected);
    await compareWithSqlFold(store, live);
  } finally {
    await store.close();
  }
});

/** Each kill takes about two seconds of the ten minutes that the suite has. */
function readRuns(text: string): number {
  const runs = Number(text);
  if (Number.isInteger(runs) && runs >= 1 && runs <= 150) return runs;
  throw new RangeError(`CRASH_RUNS: expected a whole number from 1 to 150, got ${JSON.stringify(text)}`);
}

async function define(url: string, id: string, metric: Record<string, unknown>): Promise<void> {
  const response = await fetch(`${url}/v1/metrics/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    // Late events would be a matter of how long a restart takes, and this test is about loss.
    body: JSON.stringify({ event: 'hit', window: '10s', pane: '1s', lateness: '30m', ...metric }),
  });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
}

const sumOf = (contents: ViewContents): number =>
  [...contents.series.values()].flatMap((s) => [...s.cells.values()]).reduce((sum, [n]) => sum + (n ?? 0), 0);
