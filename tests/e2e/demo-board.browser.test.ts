import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { type MillraceProcess, startMillrace } from '../testing/millrace-process.ts';
import { findChromium, NO_CHROMIUM, openBrowser } from './chromium.ts';

const found = findChromium() !== null;
const ROOT = join(import.meta.dirname, '..', '..');
/** `npm run pictures` sets PICTURES_FOLDER to the folder of the README's pictures; else nothing tracked is written. */
const PICTURES = join(ROOT, process.env.PICTURES_FOLDER ?? 'test-results/pictures');
const WIDE = { width: 1440, height: 900 };
const SIZES = [WIDE, { width: 390, height: 844 }];

describe.skipIf(!found)(`the demo in a browser${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  let data: string;
  let millrace: MillraceProcess;
  let browser: Browser;
  let context: BrowserContext;

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'millrace-demo-'));
    millrace = await startMillrace({ data, port: 0 });
    browser = await openBrowser();
    context = await browser.newContext({ viewport: WIDE });
    await mkdir(PICTURES, { recursive: true });
  });
  afterAll(async () => {
    await browser?.close();
    await millrace?.kill();
    await rm(data, { recursive: true, force: true });
  });

  it('begins with the button of the empty page, and its board moves', async () => {
    const page = await context.newPage();
    await page.goto(millrace.url);
    await page.getByRole('button', { name: /demo/i }).click();
    await page.waitForURL(/\/boards\/storefront/, { timeout: 60_000 });
    await page.locator('[data-link="live"]').first().waitFor({ timeout: 60_000 });
    const delay = page.locator('[data-status="event-to-pixel"]');
    await eventually(
      () => delay.textContent(),
      (words) => /p50 \d/.test(words ?? ''),
      60_000,
    );
    await waitForDemo(millrace.url);
    await page.close();
  });

  it.each(['ink', 'paper'] as const)('looks and reads as designed in %s', async (theme) => {
    for (const viewport of SIZES) {
      const page = await context.newPage();
      await page.setViewportSize(viewport);
      await page.goto(`${millrace.url}/boards/storefront?theme=${theme}`);
      await page.getByText('Checkout latency').first().waitFor();
      await page.locator('[data-link="live"]').first().waitFor({ timeout: 60_000 });
      // Fonts and the first frames are there once something was painted after them.
      await page.evaluate(() => document.fonts.ready.then(() => undefined));
      await page.waitForTimeout(1_500);
      await page.screenshot({ path: join(PICTURES, `board-${theme}-${viewport.width}.png`) });
      await expectNoBarriers(page);
      await page.close();
    }
  });

  it('ends with the removal of its data, which leads back to the empty page', async () => {
    const page = await context.newPage();
    await page.goto(`${millrace.url}/boards/storefront`);
    await page.getByRole('button', { name: 'Remove demo data' }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('button', { name: 'Send demo traffic' }).waitFor({ timeout: 60_000 });
    expect(await (await fetch(`${millrace.url}/v1/boards`)).json()).toEqual({ boards: [] });
    await page.close();
  });
});

async function waitForDemo(url: string): Promise<void> {
  const state = async (): Promise<{ phase: string }> =>
    (await (await fetch(`${url}/v1/demo`)).json()) as { phase: string };
  await eventually(state, ({ phase }) => phase === 'live', 60_000);
}

async function expectNoBarriers(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
    .analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
}
