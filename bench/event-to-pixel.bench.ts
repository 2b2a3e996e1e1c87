/**
 * How long an event takes from its receipt to the screen: the real process on LMDB and chDB, a board in a headless
 * Chromium, single events at a modest rate. What the page itself measured and shows in its status bar, beside what a
 * client without a screen measured for the same events, which leaves the browser out.
 * `node bench/event-to-pixel.bench.ts [seconds a phase]` prints a table and writes results/event-to-pixel.json.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { openBrowser } from '../tests/e2e/chromium.ts';
import { eventually } from '../tests/testing/eventually.ts';
import { freePort } from '../tests/testing/free-port.ts';
import { startMillrace } from '../tests/testing/millrace-process.ts';
import { buildWhatIsOld } from '../tools/run/build-parts.mjs';
import { startBackground, startClicks } from './bench-traffic.ts';
import { defineAll } from './define-all.ts';
import { watchFrames } from './frame-delays.ts';
import { scaled } from './smoke-scale.ts';
import { resultFile } from './write-result.ts';

const SECONDS = Number(process.argv[2] ?? scaled(20, 1));
const CLICKS_PER_SECOND = 10;
const BACKGROUND_PER_SECOND = 1_000;
/** Views are opened and the first value turns the empty panel into a chart; none of that is measured. */
const WARM_UP = scaled(3_000, 500);

const PHASES = [
  { name: 'quiet', background: 0, board: 'clicks' },
  { name: 'background traffic, not on the board', background: BACKGROUND_PER_SECOND, board: 'clicks' },
  { name: 'background traffic, on the board too', background: BACKGROUND_PER_SECOND, board: 'both' },
] as const;

const panel = (metric: string, x: number): object => ({
  id: metric,
  kind: 'line',
  title: metric,
  place: { x, y: 0, w: 6, h: 3 },
  view: { metric },
});
const DEFINITIONS = {
  'metrics/clicks': { event: 'click', aggregate: 'count', window: '1s' },
  'metrics/traffic': { event: 'view', aggregate: 'p99(latency_ms)', groupBy: ['country'], window: '1s' },
  'boards/clicks': { title: 'Clicks', panels: [panel('clicks', 0)] },
  'boards/both': { title: 'Both', panels: [panel('clicks', 0), panel('traffic', 6)] },
};

const DELAYS = /p50 (.+?) {2}p99 (.+)/;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What the status bar says of the delays since the page was opened, and how long a frame takes. */
async function readPage(browser: Browser, address: string) {
  const page = await browser.newPage({ viewport: { width: 1_440, height: 900 } });
  await page.goto(address);
  await page.locator('[data-link="live"]').first().waitFor();
  return {
    read: async () => {
      const words = async (name: string) => page.locator(`[data-status="${name}"]`).textContent();
      const found = await eventually(
        async () => DELAYS.exec((await words('event-to-pixel')) ?? ''),
        (delays) => delays !== null,
      );
      return { p50: found![1], p99: found![2], frame: await words('frame') };
    },
    close: () => page.close(),
  };
}

async function measure(browser: Browser, url: string, { name, background, board }: (typeof PHASES)[number]) {
  const traffic = startBackground(url, background);
  const warm = startClicks(url, CLICKS_PER_SECOND);
  await pause(WARM_UP);
  const page = await readPage(browser, `${url}/boards/${board}`);
  // What remains of the delay on the page is the browser's.
  const frames = watchFrames(url, 'clicks');
  await pause(WARM_UP);
  await warm.stop();
  const load = loadavg()[0]!;
  frames.delays.clear();
  const clicks = startClicks(url, CLICKS_PER_SECOND);
  await pause(SECONDS * 1_000);
  const { p50, p99, frame } = await page.read();
  const acknowledged = await clicks.stop();
  const sent = await traffic.stop();
  await frames.close();
  await page.close();
  return {
    phase: name,
    clicks: acknowledged.count,
    backgroundEventsPerSecond: Math.round(sent.perSecond),
    load: Number(load.toFixed(1)),
    eventToPixel: { p50, p99 },
    frame,
    receiptToFrameMs: frames.delays.summary(),
    postToAnswerMs: acknowledged.summary(),
  };
}

await buildWhatIsOld();
const data = await mkdtemp(join(tmpdir(), 'millrace-pixel-'));
const millrace = await startMillrace({ data, port: await freePort() });
const browser = await openBrowser();
try {
  await defineAll(millrace.url, DEFINITIONS);
  const results = [];
  for (const phase of PHASES) {
    results.push(await measure(browser, millrace.url, phase));
    console.log(JSON.stringify(results.at(-1)));
  }
  const conditions = {
    at: new Date().toISOString(),
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    node: process.version,
    browser: `Chromium ${browser.version()}, headless, no GPU`,
    profile: 'embedded: one process, LMDB and chDB, default settings',
    sharing:
      'server, browser and load share the cores; `load` is what else waited for them, one minute before',
    secondsAPhase: SECONDS,
    clicksPerSecond: CLICKS_PER_SECOND,
    eventToPixel:
      'the status bar: paint time minus receipt, the newest 512 of the page, its first seconds included',
  };
  await writeFile(
    await resultFile('event-to-pixel'),
    `${JSON.stringify({ conditions, results }, null, 2)}\n`,
  );
} finally {
  await browser.close();
  await millrace.stop();
  await rm(data, { recursive: true, force: true });
}
