import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../testing/free-port.ts';
import { type MillraceProcess, startMillrace } from '../testing/millrace-process.ts';
import { findChromium, NO_CHROMIUM, openBrowser } from './chromium.ts';

const found = findChromium() !== null;

describe.skipIf(!found)(`what is not there, in a browser${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  let data: string;
  let millrace: MillraceProcess;
  let browser: Browser;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'millrace-lost-'));
    millrace = await startMillrace({ data, port: await freePort() });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await millrace?.kill();
    await rm(data, { recursive: true, force: true });
  });
  beforeEach(async () => {
    faults = [];
    page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    page.on('pageerror', (error) => faults.push(error.message));
  });
  afterEach(async () => {
    await page.context().close();
    expect(faults).toEqual([]);
  });

  const call = async (method: string, path: string, body?: object): Promise<void> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: JSON_TYPE };
    const answer = await fetch(`${millrace.url}${path}`, { method, ...sent });
    if (!answer.ok) throw new Error(await answer.text());
    await answer.body?.cancel();
  };
  const notice = () => page.locator('.notice');
  const click = (name: string) => page.getByRole('main').getByRole('link', { name }).click();

  it('says that a board was deleted, goes on, and is back when it is made again', async () => {
    await call('PUT', '/v1/boards/shop', BOARD);
    await page.goto(`${millrace.url}/boards/shop`);
    await page.locator('[data-panel=tail]').waitFor();
    expect(await notice().count()).toBe(0);
    await call('DELETE', '/v1/boards/shop');
    await notice().getByText('This board was deleted.').waitFor();
    expect(await page.locator('[data-panel=tail]').isVisible()).toBe(true);
    expect(await page.locator('h1').textContent()).toContain('Shop');
    await call('PUT', '/v1/boards/shop', { ...BOARD, title: 'Shop again' });
    await notice().waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: 'Shop again' }).waitFor();
    await call('DELETE', '/v1/boards/shop');
    await notice().waitFor();
    await click('All boards');
    expect(await page.evaluate(() => location.pathname)).toBe('/boards');
  });

  it('shows a board that did not exist as soon as it does, and no title of another before', async () => {
    await call('PUT', '/v1/boards/first', BOARD);
    await call('PUT', '/v1/boards/second', { ...BOARD, title: 'Second' });
    await page.goto(`${millrace.url}/boards/first`);
    await page.getByRole('heading', { name: 'Shop' }).waitFor();
    await page.evaluate(() => {
      history.pushState(null, '', '/boards/third');
      dispatchEvent(new PopStateEvent('popstate'));
    });
    await page.getByText('There is no board').waitFor();
    expect(await page.locator('h1').textContent()).toContain('third');
    expect(await page.title()).toBe('third · Millrace');
    await call('PUT', '/v1/boards/third', { ...BOARD, title: 'Third' });
    await page.getByRole('heading', { name: 'Third' }).waitFor();
  });

  it('shows a page at an address where there is nothing, with a way on', async () => {
    await call('PUT', '/v1/boards/first', BOARD);
    const answer = await page.goto(`${millrace.url}/dashboards/fisrt?range=1h`);
    expect(answer?.status()).toBe(404);
    await page.getByText('There is nothing at /dashboards/fisrt.').waitFor();
    expect(await page.title()).toBe('Nothing here · Millrace');
    await click('Shop');
    await page.locator('[data-panel=tail]').waitFor();
    expect(await page.evaluate(() => location.pathname)).toBe('/boards/first');
    await page.goBack();
    await page.getByText('There is nothing at /dashboards/fisrt.').waitFor();
    await click('All boards');
    await page.locator('.boards, [data-panel]').first().waitFor();
  });

  it('has room for what it says of an empty board', async () => {
    await call('PUT', '/v1/boards/bare', { title: 'Bare', panels: [] });
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 });
      await page.goto(`${millrace.url}/boards/bare`);
      const words = page.getByText('This board has no panels yet.').locator('xpath=ancestor-or-self::p[1]');
      await words.waitFor();
      expect((await words.boundingBox())!.width).toBeGreaterThan(Math.min(600, width - 40));
    }
  });
});

const JSON_TYPE = { 'content-type': 'application/json' };
const BOARD = {
  title: 'Shop',
  panels: [{ id: 'tail', kind: 'tail', title: 'Newest', place: { x: 0, y: 0, w: 12, h: 3 } }],
};
