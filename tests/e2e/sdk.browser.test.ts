import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Embedded } from '#embedded/app.ts';
import { startOwnStack } from '../protocol/own-stack.ts';
import { buildClient } from '../testing/build-client.ts';
import { eventually } from '../testing/eventually.ts';
import { readSeries, total } from '../testing/series.ts';
import { type StaticPages, serveTexts } from '../testing/static-pages.ts';
import { findChromium, NO_CHROMIUM, openBrowser } from './chromium.ts';

const found = findChromium() !== null;
const MILLRACE = 'http://localhost:8080';

/** The page has the client as `client`, and the errors that it reported as `errors`. */
const APP = `<!doctype html><title>App</title><script type="module">
  import { createClient } from './client.js';
  window.errors = [];
  window.client = createClient({ url: '${MILLRACE}', onError: (error) => window.errors.push(String(error)) });
</script>`;

interface AppWindow {
  client: { track(event: string, properties?: object): Promise<void>; waiting: number; dropped: number };
  errors: string[];
}

describe.skipIf(!found)(`the SDK in a page of another origin${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  let folder: string;
  let stack: Embedded;
  let pages: StaticPages;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-sdk-'));
    await buildClient(folder);
    stack = await startOwnStack();
    const sdkText = await readFile(new URL('../../docs/SDK.md', import.meta.url), 'utf8');
    const documented = /^```html\n([\s\S]*?)^```$/m.exec(sdkText)![1]!;
    const to = (text: string): string => text.replaceAll(MILLRACE, stack.url.replace(/\/$/, ''));
    pages = await serveTexts({
      '/': to(APP),
      '/documented': to(documented),
      '/away': '<!doctype html><title>Away</title>',
      '/client.js': await readFile(join(folder, 'client.js'), 'utf8'),
    });
    browser = await openBrowser();
    for (const event of ['click', 'offline', 'leaving', 'closing', 'marker']) await define(stack.url, event);
  });
  beforeEach(async () => {
    context = await browser.newContext();
    page = await open('/');
  });
  afterEach(() => context.close());
  afterAll(async () => {
    await browser?.close();
    pages?.close();
    await stack?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = async (path: string): Promise<Page> => {
    const opened = await context.newPage();
    await opened.goto(`${pages.url}${path}`);
    if (path === '/') await opened.waitForFunction(() => 'client' in window);
    return opened;
  };
  const track = (event: string, times = 1): Promise<void> =>
    page.evaluate(
      ([name, n]) => {
        const { client } = window as unknown as AppWindow;
        // The promises are not awaited: `errors` holds the failures.
        for (let i = 0; i < n; i++) client.track(name, { i }).catch(() => {});
      },
      [event, times] as const,
    );
  const count = async (event: string): Promise<number> =>
    total(await readSeries(stack.url, event, '?range=5m'));
  const reaches = (event: string, wanted: number): Promise<number> =>
    eventually(
      () => count(event),
      (n) => n === wanted,
    );
  const keptIn = (where: Page): Promise<number> =>
    where.evaluate(() =>
      Object.values(localStorage).reduce((n: number, text: string) => n + text.split('\n').length, 0),
    );
  /** What was sent before the marker has been counted when the marker has; each test has a number of its own. */
  let markers = 0;
  const afterMarker = async (): Promise<void> => {
    await fetch(`${stack.url}/v1/events`, { method: 'POST', body: '{"event":"marker"}' });
    await reaches('marker', ++markers);
  };

  it('sends the clicks of the page in SDK.md', async () => {
    const documented = await open('/documented');
    await documented.getByText('Buy').click();
    await reaches('click', 1);
  });

  it('keeps events over an outage and the end of the page, and each counts once', async () => {
    await context.setOffline(true);
    await track('offline', 3);
    await eventually(
      () => keptIn(page),
      (n) => n === 3,
    );
    await track('offline', 2);
    await page.close();
    await context.setOffline(false);
    page = await open('/');
    await reaches('offline', 5);
    await eventually(
      () => keptIn(page),
      (n) => n === 0,
    );
    await afterMarker();
    expect(await count('offline')).toBe(5);
    expect(await page.evaluate(() => (window as unknown as AppWindow).errors)).toEqual([]);
  });

  it('goes on by itself when the network is back', async () => {
    await context.setOffline(true);
    await track('closing', 2);
    await eventually(
      () => keptIn(page),
      (n) => n === 2,
    );
    await context.setOffline(false);
    await reaches('closing', 2);
    expect(await page.evaluate(() => (window as unknown as AppWindow).client.waiting)).toBe(0);
  });

  it('sends by beacon what waits when the page is left; sent again by the next one it counts once', async () => {
    await page.evaluate((away) => {
      const { client } = window as unknown as AppWindow;
      const send = navigator.sendBeacon.bind(navigator);
      navigator.sendBeacon = (url, body) => {
        const sent = send(url, body);
        sessionStorage.setItem('beacons', `${sessionStorage.getItem('beacons') ?? ''}${sent},`);
        return sent;
      };
      for (let i = 0; i < 4; i++) client.track('leaving', { i }).catch(() => {});
      location.href = away;
    }, `${pages.url}/away`);
    await page.waitForURL('**/away');
    await reaches('leaving', 4);
    expect(await page.evaluate(() => sessionStorage.getItem('beacons'))).toBe('true,');
    expect(await keptIn(page)).toBe(4);

    await page.goto(pages.url);
    await eventually(
      () => keptIn(page),
      (n) => n === 0,
    );
    await afterMarker();
    expect(await count('leaving')).toBe(4);
  });
});

describe.skipIf(!found)(
  `the SDK with a key, in a page of another origin${found ? '' : ` (${NO_CHROMIUM})`}`,
  () => {
    const operator = 'a-long-random-key-of-the-operator';
    const authorization = `Bearer ${operator}`;
    let folder: string;
    let stack: Embedded;
    let pages: StaticPages;
    let browser: Browser;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'millrace-sdk-'));
      await buildClient(folder);
      stack = await startOwnStack({ MILLRACE_ADMIN_KEY: operator });
      await define(stack.url, 'leaving', { authorization });
      const headers = { authorization, 'content-type': 'application/json' };
      const grant = (origin: string) => JSON.stringify({ name: 'page', scope: 'write', origins: [origin] });
      const texts: Record<string, string> = { '/away': '<!doctype html><title>Away</title>' };
      texts['/client.js'] = await readFile(join(folder, 'client.js'), 'utf8');
      pages = await serveTexts(texts);
      const made = await fetch(`${stack.url}/v1/keys`, { method: 'POST', headers, body: grant(pages.url) });
      const { key } = (await made.json()) as { key: string };
      const to = APP.replaceAll(MILLRACE, stack.url.replace(/\/$/, ''));
      texts['/'] = to.replace('createClient({', `createClient({ key: '${key}',`);
      browser = await openBrowser();
    });
    afterAll(async () => {
      await browser?.close();
      pages?.close();
      await stack?.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('sends what waits by a request that outlives the page, with the key', async () => {
      const page = await browser.newPage();
      await page.goto(pages.url);
      await page.waitForFunction(() => 'client' in window);
      await page.evaluate((away) => {
        const { client } = window as unknown as AppWindow;
        for (let i = 0; i < 4; i++) client.track('leaving', { i }).catch(() => {});
        location.href = away;
      }, `${pages.url}/away`);
      await page.waitForURL('**/away');
      // No page is left that could send them again.
      await eventually(
        async () => total(await readSeries(stack.url, 'leaving', '?range=5m', { authorization })),
        (n) => n === 4,
      );
      expect(await page.evaluate(() => Object.values(localStorage).join())).toContain('leaving');
    });
  },
);

async function define(url: string, event: string, more: Record<string, string> = {}): Promise<void> {
  const headers = { 'content-type': 'application/json', ...more };
  const body = JSON.stringify({ event, aggregate: 'count', window: '1s' });
  const answer = await fetch(`${url}/v1/metrics/${event}`, { method: 'PUT', headers, body });
  expect(answer.ok, await answer.text()).toBe(true);
}
