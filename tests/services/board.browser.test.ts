import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { findChromium, NO_CHROMIUM, openBrowser } from '../e2e/chromium.ts';
import { eventually } from '../testing/eventually.ts';
import { postBatch } from '../testing/post-batch.ts';
import { kafkaClient } from './admin-client.ts';
import { define } from './run-metrics.ts';
import { type Stack, startStack } from './start-stack.ts';

const noBroker = inject('noBroker');
const reason = noBroker === '' && findChromium() === null ? NO_CHROMIUM : noBroker;
const WITHIN = 120_000;
/** Interval of posts and of checks, ms. */
const EVERY = 200;

describe.skipIf(reason !== '')(`a board of the services in a browser ${reason}`, () => {
  const faults: string[] = [];
  let stack: Stack;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    stack = await startStack({ env: kafkaClient() });
    const { url } = stack.gateway[0]!;
    await define(url, 'level', { event: 'measured', aggregate: 'max(n)', window: '1s' });
    await putBoard(url);
    browser = await openBrowser();
    page = await browser.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(`${url}/boards/level`);
    await page.evaluate(() => Object.assign(window, { stays: true }));
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.close();
  });

  const condition = (panel: string, is: RegExp): Promise<unknown> =>
    eventually(
      () => page.locator(`[data-panel="${panel}"]`).getAttribute('data-condition'),
      (text) => is.test(text ?? ''),
      WITHIN,
    );
  const both = (is: RegExp): Promise<unknown> =>
    Promise.all(['figure', 'curve'].map((id) => condition(id, is)));
  const link = (...states: string[]): Promise<void> =>
    page
      .locator(states.map((state) => `[data-link="${state}"]`).join())
      .first()
      .waitFor({ timeout: WITHIN });
  /** The figure is the largest of the range, so each number is larger than those before. */
  const shows = (n: number): Promise<unknown> =>
    eventually(
      async () => {
        await postBatch(stack.ingest[0]!.url, [{ event: 'measured', properties: { n } }], 30_000);
        await page.waitForTimeout(EVERY);
        return page.locator('[data-panel="figure"] [data-figure]').getAttribute('data-figure');
      },
      (figure) => figure === `${n}`,
      WITHIN,
    );
  const sameLivePage = async (): Promise<void> => {
    // A gateway that begins to listen between the two attempts is met by polling first, which the page calls degraded.
    await link('live', 'degraded');
    await both(/^live$/);
    expect(await page.evaluate(() => 'stays' in window)).toBe(true);
    expect(faults).toEqual([]);
  };

  it('an event becomes a pixel', async () => {
    await link('live');
    await shows(1);
    await both(/^live$/);
    // The page's own measurement, at the paint of the panels: it comes with an event after the first.
    await eventually(
      async () => {
        await shows(1);
        return page.locator('[data-status="event-to-pixel"]').textContent();
      },
      (words) => /p50 \d/.test(words ?? ''),
      WITHIN,
    );
  });

  it('says that it reconnects while its gateway is gone, and goes on', async () => {
    const [gateway] = stack.gateway;
    await gateway!.kill9();
    await link('reconnecting');
    await both(/^(reconnecting|stale)$/);
    await gateway!.restart();
    await shows(2);
    await sameLivePage();
  });

  it('says that it is stale while the broker is gone, and goes on', async () => {
    await stack.broker.kill9();
    await link('stale');
    await both(/^stale$/);
    await stack.broker.restart();
    await shows(3);
    await sameLivePage();
    expect(stack.members().flatMap((member) => member.unasked)).toEqual([]);
  });
});

async function putBoard(url: string): Promise<void> {
  const view = { metric: 'level' };
  const board = {
    title: 'Level',
    panels: [
      { id: 'figure', kind: 'stat', title: 'Now', place: { x: 0, y: 0, w: 3, h: 1 }, view },
      { id: 'curve', kind: 'line', title: 'Before', place: { x: 3, y: 0, w: 9, h: 2 }, view },
    ],
  };
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/v1/boards/level`, {
    method: 'PUT',
    headers,
    body: JSON.stringify(board),
  });
  expect(answer.status, await answer.text()).toBe(201);
}
