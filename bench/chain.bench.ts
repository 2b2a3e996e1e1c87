/**
 * The whole chain as its user runs it: the real process on LMDB and chDB with the demo's metrics, NDJSON posted over
 * HTTP at a rate that doubles until it saturates, and an SDK that shows every metric. Up to which rate does an event reach
 * the screen within a second, and up to which does the archive keep pace? A route that reads the same bodies and does
 * nothing is the reference. `node bench/chain.bench.ts [seconds a step]` writes results/chain.json.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO_METRICS } from '#embedded/demo/demo-metrics.ts';
import type { createDelays } from '../tests/testing/delays.ts';
import { freePort } from '../tests/testing/free-port.ts';
import { type Helper, startHelper } from '../tests/testing/helper-process.ts';
import { type MillraceProcess, startMillrace } from '../tests/testing/millrace-process.ts';
import { WIDE_LIMITS } from '../tests/testing/wide-limits.ts';
import { EVENTS_A_BODY } from './chain-events.ts';
import { drain, readCpu, watchArchive } from './chain-figures.ts';
import type { LoadOrder, LoadReport } from './chain-load.ts';
import { readProfile } from './chain-profile.ts';
import { defineDemo } from './define-demo.ts';
import { rounded } from './median-of.ts';
import { scaled } from './smoke-scale.ts';
import { writeResult } from './write-result.ts';

const SECONDS = Number(process.argv[2] ?? scaled(8, 1));
const WARM_UP = scaled(2, 0.5);
const RATES = Array.from({ length: scaled(9, 1) }, (_, i) => 1_000 * 2 ** i);
/** Longest wait for an archive that is behind before the bench goes on, ms. */
const DRAIN = 15_000;
/** The promise: an event is on the screen within this, ms. */
const ON_SCREEN = 1_000;
/** Growth of the archive's delay, ms a second, up to which it keeps pace: flushes come by halves of a second. */
const PACE = 100;
/** How late requests may become before the rate counts as too high, ms. */
const BEHIND = 500;
const TOP_FUNCTIONS = 20;

type Delays = ReturnType<ReturnType<typeof createDelays>['summary']>;
type Row = Awaited<ReturnType<typeof measureRate>>;

async function withMillrace<T>(env: Record<string, string>, work: (m: MillraceProcess) => Promise<T>) {
  const data = await mkdtemp(join(tmpdir(), 'millrace-chain-'));
  const millrace = await startMillrace({ data, port: await freePort(), env: { ...WIDE_LIMITS, ...env } });
  try {
    await defineDemo(millrace.url);
    return await work(millrace);
  } finally {
    await millrace.stop();
    await rm(data, { recursive: true, force: true });
  }
}

const send = (load: Helper, order: LoadOrder): Promise<LoadReport> => load.ask<LoadReport>(order);

async function measureRate(millrace: MillraceProcess, load: Helper, viewer: Helper, rate: number) {
  const url = `${millrace.url}/v1/events`;
  await send(load, { url, rate, seconds: WARM_UP });
  await viewer.ask({});
  const before = readCpu(millrace.pid);
  const began = performance.now();
  const sending = send(load, { url, rate, seconds: SECONDS });
  const [archive, report] = await Promise.all([watchArchive(millrace.url, sending), sending]);
  const elapsed = performance.now() - began;
  const after = readCpu(millrace.pid);
  const screen = await viewer.ask<Delays>({});
  const cpu = { all: after.all - before.all, main: after.main - before.main };
  return {
    rate,
    acknowledged: report.acknowledged,
    behindMs: report.behind,
    refused: report.refused,
    answerMs: report.answer,
    eventToScreenMs: screen,
    archiveMs: archive,
    drainMs: await drain(millrace.url, DRAIN),
    cpuUsPerEvent: rounded((cpu.all * 1e6) / (report.acknowledged * elapsed), 2),
    cores: { mainThread: rounded(cpu.main / elapsed), all: rounded(cpu.all / elapsed) },
    loadCores: rounded(report.cpu),
    load: rounded(loadavg()[0]!, 1),
  };
}

const onScreen = ({ eventToScreenMs: { p99 } }: Row): boolean => p99 !== null && p99 <= ON_SCREEN;
const archiveKeeps = ({ archiveMs: { growth }, drainMs }: Row): boolean =>
  growth !== null && growth <= PACE && drainMs !== null;
const carried = ({ behindMs, refused }: Row): boolean => behindMs <= BEHIND && refused === 0;

const gaveUp = (row: Row): boolean => !carried(row) || (!onScreen(row) && !archiveKeeps(row));

/** Doubles the rate until neither promise holds, or no more is accepted, at two successive rates: one may be noise. */
async function climb(load: Helper): Promise<Row[]> {
  const rows: Row[] = [];
  await withMillrace({}, async (millrace) => {
    const viewer = startHelper(new URL('./chain-viewer.ts', import.meta.url), [
      millrace.url,
      ...Object.keys(DEMO_METRICS),
    ]);
    await viewer.told();
    for (const rate of RATES) {
      const row = await measureRate(millrace, load, viewer, rate);
      rows.push(row);
      console.log(JSON.stringify(row));
      if (rows.length > 1 && rows.slice(-2).every(gaveUp)) break;
    }
    await viewer.close();
  });
  return rows;
}

async function measureReference(load: Helper): Promise<number> {
  const empty = startHelper(new URL('./chain-empty-server.ts', import.meta.url));
  const url = `${await empty.told()}/v1/events`;
  await send(load, { url, rate: null, seconds: WARM_UP });
  const { acknowledged } = await send(load, { url, rate: null, seconds: SECONDS });
  await empty.close();
  return acknowledged;
}

/** Where the main thread's time goes at the rate that was too much. */
async function profile(load: Helper, rate: number) {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-profile-'));
  const env = { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder}` };
  const started = performance.now();
  const span = { from: 0, to: 0 };
  await withMillrace(env, async ({ url }) => {
    const viewer = startHelper(new URL('./chain-viewer.ts', import.meta.url), [
      url,
      ...Object.keys(DEMO_METRICS),
    ]);
    await viewer.told();
    span.from = performance.now() - started;
    await send(load, { url: `${url}/v1/events`, rate, seconds: SECONDS });
    span.to = performance.now() - started;
    await viewer.close();
  });
  const shares = readProfile(folder, span, TOP_FUNCTIONS);
  await rm(folder, { recursive: true });
  return shares;
}

const load = startHelper(new URL('./chain-load.ts', import.meta.url));
const emptyRoute = await measureReference(load);
const rows = await climb(load);
const highest = (holds: (row: Row) => boolean): number | null =>
  rows.filter((row) => carried(row) && holds(row)).at(-1)?.rate ?? null;
const gaveWay = rows.at(-1)!;
const shares = await profile(load, gaveWay.rate);
await load.close();
console.table(shares.parts);
console.table(shares.functions);
const result = {
  highestRateOnScreenWithin1s: highest(onScreen),
  highestRateArchiveKeepsPace: highest(archiveKeeps),
  emptyRoute,
  ratio: rounded((highest((row) => onScreen(row) && archiveKeeps(row)) ?? 0) / emptyRoute, 3),
};
console.log(JSON.stringify(result));
await writeResult({
  name: 'chain',
  what: 'events a second through the whole embedded process, to the screen and to the archive, beside a route that only reads the bodies',
  command: 'node bench/chain.bench.ts',
  conditions: {
    ...result,
    profile: 'embedded: one process, LMDB and chDB, default settings',
    metrics: Object.keys(DEMO_METRICS).length,
    body: `NDJSON × ${EVENTS_A_BODY}`,
    secondsAStep: SECONDS,
    sharing:
      'server, load and viewer share the cores; loadCores is what the load took, load what waited for the cores on average of a minute',
    eventToScreenMs:
      'receipt of the oldest event of a change to its being applied by the SDK; a browser adds its frame',
    archiveMs:
      'receipt of the newest event of a flush to its commit; growth in ms a second; drainMs: until nothing waits, once the load ends',
    gaveWay: {
      rate: gaveWay.rate,
      onScreen: onScreen(gaveWay),
      archive: archiveKeeps(gaveWay),
      carried: carried(gaveWay),
    },
    mainThreadAtThatRate: shares,
  },
  x: 'rate',
  rows,
});
