import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { freePort } from '../testing/free-port.ts';
import { type MillraceProcess, startMillrace } from '../testing/millrace-process.ts';
import { findChromium, NO_CHROMIUM, openBrowser } from './chromium.ts';

const found = findChromium() !== null;

describe.skipIf(!found)(`a live board in a browser${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  let data: string;
  let port: number;
  let millrace: MillraceProcess;
  let browser: Browser;
  const faults: string[] = [];

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'millrace-board-'));
    port = await freePort();
    millrace = await startMillrace({ data, port });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await millrace?.kill();
    await rm(data, { recursive: true, force: true });
  });

  const open = async (context: BrowserContext, path: string): Promise<Page> => {
    const page = await context.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(`${millrace.url}${path}`);
    return page;
  };
  const put = (path: string, body: unknown): Promise<void> => send(millrace.url, 'PUT', path, body);
  const post = (event: string): Promise<void> => send(millrace.url, 'POST', '/v1/events', { event });

  it('shows an event on an open board, and goes on after the process was killed and started again', async () => {
    await put('/v1/metrics/clicks', { event: 'click', aggregate: 'count', window: '1s' });
    await put('/v1/boards/clicks', clicksBoard);
    const page = await open(await browser.newContext(), '/boards/clicks');
    await waitForLink(page, 'live');

    await seen(page, 'click', post);
    await eventToPixel(page, () => post('click'));

    await millrace.kill();
    await page.locator('[data-link]:not([data-link="live"])').waitFor();
    millrace = await startMillrace({ data, port });
    await waitForLink(page, 'live');
    await seen(page, 'click_after_restart', post);
    await page.context().close();
    expect(faults).toEqual([]);
  });

  it.each(['refused', 'black-holed'])('goes on over long-polling when WebSocket is %s', async (how) => {
    const context = await browser.newContext();
    await context.addInitScript(spoilWebSocket, how);
    const page = await open(context, '/boards/clicks');
    // The page says that it is the slower way.
    await waitForLink(page, 'degraded');
    const name = `over_polling_${how.replace('-', '_')}`;
    await seen(page, name, post);
    await eventToPixel(page, () => post('click'));
    await context.close();
    expect(faults).toEqual([]);
  });
});

const clicksBoard = {
  title: 'Clicks',
  panels: [
    {
      id: 'rate',
      kind: 'line',
      title: 'Rate',
      place: { x: 0, y: 0, w: 6, h: 2 },
      view: { metric: 'clicks' },
    },
    { id: 'tail', kind: 'tail', title: 'Latest', place: { x: 6, y: 0, w: 6, h: 2 } },
  ],
};

async function send(url: string, method: string, path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}${path}`, { method, headers, body: JSON.stringify(body) });
  expect(response.status, await response.text()).toBeLessThan(300);
}

const waitForLink = (page: Page, state: string): Promise<void> =>
  page.locator(`[data-link="${state}"]`).first().waitFor({ timeout: 60_000 });

/** The tail begins once the gateway has the request for it, which the page does not show: events are sent until one shows. */
async function seen(page: Page, event: string, post: (event: string) => Promise<void>): Promise<void> {
  const ask = async (): Promise<number> => {
    await post(event);
    await page.waitForTimeout(200);
    return page.locator('li').getByText(event, { exact: true }).count();
  };
  await eventually(ask, (rows) => rows > 0);
}

/**
 * The page has painted something newly received: its own measurement says how long that took. The first event turns a
 * teaching panel into a chart and is not measured, so events go on.
 */
async function eventToPixel(page: Page, post: () => Promise<void>): Promise<void> {
  const ask = async (): Promise<string | null> => {
    await post();
    await page.waitForTimeout(200);
    return page.locator('[data-status="event-to-pixel"]').textContent();
  };
  await eventually(ask, (words) => /p50 \d/.test(words ?? ''));
}

/** Runs in the page: a network that answers no WebSocket, or refuses it at once. */
function spoilWebSocket(how: string): void {
  class Spoilt extends EventTarget {
    readyState = 0;
    constructor() {
      super();
      if (how === 'refused') setTimeout(() => this.fail(), 0);
    }
    fail(): void {
      this.readyState = 3;
      for (const type of ['error', 'close']) {
        const event = new Event(type);
        this.dispatchEvent(event);
        (this as unknown as Record<string, ((e: Event) => void) | undefined>)[`on${type}`]?.(event);
      }
    }
    send(): void {}
    close(): void {
      this.fail();
    }
  }
  Object.defineProperty(window, 'WebSocket', { value: Spoilt });
}
