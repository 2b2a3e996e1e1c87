/**
 * The chain as separate services on a real broker beside the embedded process, in one run: the demo's metrics, NDJSON
 * posted over HTTP at rates that double until neither an event reaches the screen within a second nor the archive keeps
 * pace, and an SDK that shows every metric. `node bench/kafka-chain.bench.ts [seconds a step] [kafkajs|platformatic]`
 * writes results/kafka-chain.json; needs Java 17 and Maven, as `npm run kafka` does, and Linux.
 */
import { loadavg } from 'node:os';
import { DEMO_METRICS } from '#embedded/demo/demo-metrics.ts';
import type { createDelays } from '../tests/testing/delays.ts';
import { startHelper } from '../tests/testing/helper-process.ts';
import { EVENTS_A_BODY } from './chain-events.ts';
import { drain, readCpu, watchArchive } from './chain-figures.ts';
import type { LoadOrder, LoadReport } from './chain-load.ts';
import { defineDemo } from './define-demo.ts';
import { type Chain, PARTITIONS, startEmbeddedChain, startKafkaChain } from './kafka-chains.ts';
import { rounded } from './median-of.ts';
import { scaled } from './smoke-scale.ts';
import { writeResult } from './write-result.ts';

const SECONDS = Number(process.argv[2] ?? scaled(5, 1));
const CLIENT = process.argv[3] ?? 'kafkajs';
const WARM_UP = scaled(2, 0.5);
const RATES = Array.from({ length: scaled(8, 1) }, (_, i) => 1_000 * 2 ** i);
/** Longest wait for an archive that is behind before the bench goes on, ms. */
const DRAIN = 10_000;
/** An event is on the screen within this, ms. */
const ON_SCREEN = 1_000;
/** Growth of the archive's delay, ms a second, up to which it keeps pace: flushes come by halves of a second. */
const PACE = 100;
/** How late requests may become before the rate counts as too high, ms. */
const BEHIND = 500;

type Delays = ReturnType<ReturnType<typeof createDelays>['summary']>;
type Row = Awaited<ReturnType<typeof measureRate>>;

const load = startHelper(new URL('./chain-load.ts', import.meta.url));
const send = (order: LoadOrder): Promise<LoadReport> => load.ask<LoadReport>(order);

const cpuOf = ({ pids }: Chain): Record<string, number> =>
  Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, readCpu(pid).all]));

async function measureRate(name: string, chain: Chain, viewer: ReturnType<typeof startHelper>, rate: number) {
  const url = `${chain.ingest}/v1/events`;
  await send({ url, rate, seconds: WARM_UP });
  await viewer.ask({});
  const before = cpuOf(chain);
  const began = performance.now();
  const sending = send({ url, rate, seconds: SECONDS });
  const [archive, report] = await Promise.all([watchArchive(chain.aggregator, sending), sending]);
  const elapsed = performance.now() - began;
  const after = cpuOf(chain);
  const used = Object.entries(after).map(([part, ms]) => [part, ms - before[part]!] as const);
  const all = used.reduce((sum, [, ms]) => sum + ms, 0);
  return {
    chain: name,
    rate,
    acknowledged: report.acknowledged,
    behindMs: report.behind,
    refused: report.refused,
    answerMs: report.answer,
    eventToScreenMs: await viewer.ask<Delays>({}),
    archiveMs: archive,
    drainMs: await drain(chain.aggregator, DRAIN),
    cpuUsPerEvent: rounded((all * 1e6) / (report.acknowledged * elapsed), 2),
    cores: Object.fromEntries(used.map(([part, ms]) => [part, rounded(ms / elapsed)])),
    loadCores: rounded(report.cpu),
    load: rounded(loadavg()[0]!, 1),
  };
}

const carried = ({ behindMs, refused }: Row): boolean => behindMs <= BEHIND && refused === 0;
const onScreen = ({ eventToScreenMs: { p99 } }: Row): boolean => p99 !== null && p99 <= ON_SCREEN;
const archiveKeeps = ({ archiveMs: { growth }, drainMs }: Row): boolean =>
  growth !== null && growth <= PACE && drainMs !== null;
const gaveUp = (row: Row): boolean => !carried(row) || (!onScreen(row) && !archiveKeeps(row));

/** Ends after two rates that were too high: one may be noise. */
async function climb(name: string, start: () => Promise<Chain>): Promise<Row[]> {
  const chain = await start();
  try {
    await defineDemo(chain.gateway);
    const viewer = startHelper(new URL('./chain-viewer.ts', import.meta.url), [
      chain.gateway,
      ...Object.keys(DEMO_METRICS),
    ]);
    await viewer.told();
    const rows: Row[] = [];
    for (const rate of RATES) {
      const row = await measureRate(name, chain, viewer, rate);
      rows.push(row);
      console.log(JSON.stringify(row));
      if (rows.length > 1 && rows.slice(-2).every(gaveUp)) break;
    }
    await viewer.close();
    return rows;
  } finally {
    await chain.close();
  }
}

const highest = (rows: readonly Row[], holds: (row: Row) => boolean): number | null =>
  rows.filter((row) => carried(row) && holds(row)).at(-1)?.rate ?? null;
const limits = (rows: readonly Row[]) => ({
  accepted: highest(rows, () => true),
  onScreenWithin1s: highest(rows, onScreen),
  archiveKeepsPace: highest(rows, archiveKeeps),
});

const embedded = await climb('embedded', startEmbeddedChain);
const services = await climb('services', () => startKafkaChain(CLIENT));
await load.close();
const highestRate = { embedded: limits(embedded), services: limits(services) };
console.table(highestRate);
await writeResult({
  name: 'kafka-chain',
  what: 'events a second through ingest, aggregator and gateway as processes on a real broker, beside the embedded process',
  command: 'node bench/kafka-chain.bench.ts',
  conditions: {
    highestRate,
    embedded: 'one process, LMDB and chDB, default settings',
    services: `one process each, one broker, ${CLIENT}, a double of ClickHouse as a process of its own`,
    store:
      'the double is one session of the engine behind HTTP: reads wait for inserts, which a server would not have them do; the archive of the services stands and falls with it',
    partitions: Number(PARTITIONS),
    metrics: Object.keys(DEMO_METRICS).length,
    body: `NDJSON × ${EVENTS_A_BODY}`,
    secondsAStep: SECONDS,
    sharing:
      'all processes, load and viewer share the cores; loadCores is what the load took, load what waited for the cores on average of a minute',
    eventToScreenMs:
      'receipt of the oldest event of a change to its being applied by the SDK; a browser adds its frame',
    archiveMs:
      'receipt of the newest event of a flush to its commit; growth in ms a second; drainMs: until nothing waits, once the load ends',
  },
  x: 'rate',
  rows: [...embedded, ...services],
});
process.exit();
