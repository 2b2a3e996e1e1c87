import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import { findChromium, NO_CHROMIUM, openBrowser } from '../e2e/chromium.ts';
import { awaitHealthy } from './await-healthy.ts';
import { containersOf, crash, type Service, URL_OF_STACK } from './compose.ts';

interface Watched {
  name: string;
  page: Page;
}

const SIZE = { width: 1440, height: 1000 };
const CALM = 10_000;
const AFTER_CRASH = 25_000;

/** The demo's board in a browser, by WebSocket and by polling, through the proxy; it recovers when replicas are killed. */
export async function checkBoard(picture: string | null): Promise<string[]> {
  if (findChromium() === null) return [`the board in a browser: ${NO_CHROMIUM}`];
  const browser = await openBrowser();
  try {
    const pages = [await open(browser, 'websocket'), await open(browser, 'polling')];
    const lines = [await watch('nothing happens', pages, () => wait(CALM))];
    if (picture !== null) await pages[0]!.page.screenshot({ path: picture });
    for (const service of ['gateway', 'aggregator'] as const)
      for (const nth of [0, 1])
        lines.push(await watch(`${service} ${nth + 1} killed`, pages, () => crashNth(service, nth)));
    return lines;
  } finally {
    await browser.close();
  }
}

async function crashNth(service: Service, nth: number): Promise<void> {
  await crash((await containersOf(service))[nth]!);
  await wait(AFTER_CRASH);
  await awaitHealthy(service);
}

async function open(browser: Browser, name: 'websocket' | 'polling'): Promise<Watched> {
  const page = await (await browser.newContext({ viewport: SIZE })).newPage();
  if (name === 'polling') await page.addInitScript(refuseWebSocket);
  await page.goto(`${URL_OF_STACK}/boards/storefront`);
  // The page calls polling "the slower way".
  await page
    .locator(`[data-link="${name === 'polling' ? 'degraded' : 'live'}"]`)
    .first()
    .waitFor({ timeout: 60_000 });
  await page.locator('[data-panel="top-pages"] tbody tr').first().waitFor({ timeout: 60_000 });
  await page.evaluate(measureQuiet);
  return { name, page };
}

/** The longest time without a change of a panel that follows a metric, for each page. */
async function watch(what: string, pages: readonly Watched[], run: () => Promise<void>): Promise<string> {
  for (const { page } of pages) await page.evaluate(forgetQuiet);
  await run();
  const times = await Promise.all(
    pages.map(async ({ name, page }) => {
      const { quiet, now } = await page.evaluate(() => ({
        quiet: window.quiet,
        now: Date.now() - window.changed,
      }));
      if (now > CALM) throw new Error(`${what}: the board over ${name} has stood still for ${now} ms.`);
      return `${name} ${(quiet / 1_000).toFixed(1)} s`;
    }),
  );
  return `board, ${what}: longest stand-still ${times.join(', ')}; it moves again`;
}

declare global {
  interface Window {
    /** Longest time without a change, and when the last one was, ms. */
    quiet: number;
    changed: number;
  }
}

/** Runs in the page. */
function measureQuiet(): void {
  let before = '';
  window.quiet = 0;
  window.changed = Date.now();
  setInterval(() => {
    const text = [...document.querySelectorAll('[data-panel="top-pages"] tbody tr')]
      .map((row) => row.textContent)
      .join();
    const now = Date.now();
    window.quiet = Math.max(window.quiet, now - window.changed);
    if (text !== before) window.changed = now;
    before = text;
  }, 100);
}

/** Runs in the page. */
function forgetQuiet(): void {
  window.quiet = 0;
  window.changed = Date.now();
}

/** Runs in the page: a network that refuses WebSocket. */
function refuseWebSocket(): void {
  Object.defineProperty(window, 'WebSocket', {
    value: class {
      constructor() {
        throw new Error('refused');
      }
    },
  });
}
