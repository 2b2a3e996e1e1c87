/**
 * A page of 24 panels, 8 series each of 600 points, 12 of them visible, whose newest values change four times a second:
 * the dashboard's own panels beside Chart.js on canvases of the same places, in the same Chromium on the same feed.
 * `node bench/page.bench.ts [seconds a variant] [png folder] [rounds]` writes results/page.json.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import { build } from 'vite';
import { ORIGIN, serveFolder } from '../dashboard/testing/serve-folder.ts';
import { openBrowser } from '../tests/e2e/chromium.ts';
import { median, rounded } from './median-of.ts';
import type { Meter } from './page/page-meter.ts';
import { PANELS, POINTS, SERIES, VISIBLE } from './page/page-shape.ts';
import type { Place } from './page/stock-charts.ts';
import { readChildrenCpu } from './page-cpu.ts';
import { scaled } from './smoke-scale.ts';
import { writeResult } from './write-result.ts';

const SECONDS = Number(process.argv[2] ?? scaled(12, 1));
const PICTURES = process.argv[3] ?? null;
const ROUNDS = Number(process.argv[4] ?? scaled(2, 1));
const WARM_UP = scaled(5_000, 500);
const VARIANTS = ['empty', 'millrace', 'stock', 'tuned'] as const;
type Variant = (typeof VARIANTS)[number];

interface Size {
  width: number;
  height: number;
}

async function open(browser: Browser, folder: string, variant: Variant, size: Size, places: Place[]) {
  const page = await browser.newPage({ viewport: size });
  page.on('pageerror', (error) => console.error(`${variant}: ${error.message}`));
  await serveFolder(page, folder, `<script>globalThis.places = ${JSON.stringify(places)}</script>`);
  await page.goto(`${ORIGIN}/boards/bench?variant=${variant}`);
  return page;
}

/** Where the dashboard puts its charts, and the height of the page at which exactly the first rows are seen. */
async function measureLayout(browser: Browser, folder: string): Promise<{ size: Size; places: Place[] }> {
  const size = { width: 1_440, height: 900 };
  const page = await open(browser, folder, 'millrace', size, []);
  await page.waitForFunction((n) => document.querySelectorAll('main canvas').length >= n, PANELS);
  await sleep(1_000);
  const { boxes, bottom } = await page.evaluate(() => {
    const place = ({ left, top, width, height }: DOMRect) => ({ left, top, width, height });
    const plots = [...document.querySelectorAll('main canvas')].map((c) => c.parentElement!);
    return {
      boxes: [...new Set(plots)].map((box) => place(box.getBoundingClientRect())),
      bottom: document.querySelector('main')!.getBoundingClientRect().bottom,
    };
  });
  await page.close();
  if (boxes.length !== PANELS) throw new Error(`${boxes.length} plots where ${PANELS} were expected.`);
  // The head of the first hidden row lies above its plot: that much less is no plot seen.
  const row = boxes[VISIBLE]!.top - boxes[VISIBLE - 1]!.top;
  const end = boxes[VISIBLE - 1]!.top + boxes[VISIBLE - 1]!.height;
  size.height = Math.round(size.height + end + (row - boxes[VISIBLE]!.height) / 2 - bottom);
  return { size, places: boxes };
}

async function measure(page: Page) {
  await sleep(WARM_UP);
  await page.evaluate(() => (globalThis as unknown as { meter: Meter }).meter.clear());
  const before = readChildrenCpu();
  const began = performance.now();
  await sleep(SECONDS * 1_000);
  const cpu = readChildrenCpu() - before;
  const seconds = (performance.now() - began) / 1_000;
  const { ticks, longTasks } = await page.evaluate(() =>
    (globalThis as unknown as { meter: Meter }).meter.read(),
  );
  const sorted = ticks.toSorted((a, b) => a - b);
  const at = (share: number): number | null =>
    sorted.length === 0 ? null : rounded(sorted[Math.ceil(share * sorted.length) - 1]!, 1);
  return {
    cpuMsPerS: Math.round(cpu / seconds),
    ticksPerS: rounded(ticks.length / seconds, 1),
    tickP50Ms: at(0.5),
    tickP95Ms: at(0.95),
    longTasks,
  };
}

const folder = await mkdtemp(join(tmpdir(), 'millrace-page-'));
await build({
  configFile: join(import.meta.dirname, 'page', 'page.vite.config.ts'),
  build: { outDir: folder },
});
const browser = await openBrowser();
try {
  const { size, places } = await measureLayout(browser, folder);
  const rounds: ({ variant: Variant } & Awaited<ReturnType<typeof measure>>)[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const variant of VARIANTS) {
      const page = await open(browser, folder, variant, size, places);
      rounds.push({ variant, ...(await measure(page)) });
      // A saturated page gives no screenshot in reasonable time.
      if (PICTURES !== null && variant !== 'stock')
        await page.screenshot({ path: join(PICTURES, `${variant}.png`) });
      await page.close();
    }
  }
  const rows = VARIANTS.map((variant) => {
    const own = rounds.filter((one) => one.variant === variant);
    const quietest = Math.min(...own.map((one) => one.cpuMsPerS));
    return own.find((one) => one.cpuMsPerS === quietest)!;
  });
  const cpuOf = (variant: Variant): number => rows.find((row) => row.variant === variant)!.cpuMsPerS;
  const stalls = median(rounds.filter((one) => one.variant === 'millrace').map((one) => one.longTasks));
  await writeResult({
    name: 'page',
    what: 'a page of 24 panels that change four times a second: the dashboard beside Chart.js, stock and tuned',
    command: 'node bench/page.bench.ts',
    conditions: {
      cpuToStock: rounded(cpuOf('millrace') / cpuOf('stock'), 3),
      cpuToTuned: rounded(cpuOf('millrace') / cpuOf('tuned'), 3),
      longTasksOfTheDashboard: stalls,
      series:
        'as many as a panel of the dashboard draws; its own request would be for 300 windows of 2 s, all variants draw 600 of 1 s',
      page: `${PANELS} panels, ${VISIBLE} visible, ${SERIES} series, ${POINTS} points, 4 Hz, ${size.width} × ${size.height}, one device pixel a CSS pixel`,
      browser: `Chromium ${browser.version()}, headless, no GPU`,
      cpu: 'of all processes of the browser, ms a second; the quieter of the rounds',
      tick: 'taking the data in, and the frame after it with its raster, ms',
      empty: 'the floor: the same browser with a page that shows nothing',
      secondsARound: SECONDS,
      rounds: ROUNDS,
    },
    rows,
  });
} finally {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}
