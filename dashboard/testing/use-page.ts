import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from '@playwright/test';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { openBrowser } from '../../tests/e2e/chromium.ts';
import { ORIGIN, serveFolder } from './serve-folder.ts';

const CONFIG = fileURLToPath(new URL('./vite.config.ts', import.meta.url));

/** The page over seeded data, built once, in a browser context of its own for each test; a test fails with any error of the page. */
export function usePage(): {
  page(): Page;
  /** Opens a board, and waits for its first panel. */
  open(path: string): Promise<void>;
  /** Opens any address, and waits for the shell. */
  visit(path: string): Promise<void>;
  /** Returns the address as the page has it: what the browser tells of it may come a moment later. */
  address(): Promise<URL>;
} {
  let folder: string;
  let browser: Browser;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-page-'));
    await build({ configFile: CONFIG, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    faults = [];
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    page = await context.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    await serveFolder(page, folder);
  });
  afterEach(async () => {
    await page.context().close();
    expect(faults).toEqual([]);
  });
  return {
    page: () => page,
    address: async () => new URL(await page.evaluate(() => location.href)),
    async visit(path) {
      await page.goto(`${ORIGIN}${path}`);
      await page.locator('h1').waitFor();
    },
    async open(path) {
      await page.goto(`${ORIGIN}${path}`);
      await page.locator('[data-panel]').first().waitFor();
    },
  };
}
