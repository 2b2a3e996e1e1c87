import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Embedded } from '#embedded/app.ts';
import { startOwnStack } from '../protocol/own-stack.ts';
import { buildClient } from '../testing/build-client.ts';
import { type StaticPages, serveTexts } from '../testing/static-pages.ts';
import { findChromium, NO_CHROMIUM, openBrowser } from './chromium.ts';

const found = findChromium() !== null;
const OPERATOR = 'a-long-random-key-of-the-operator';

interface Told {
  told: { code: string; message: string; retry: boolean } | null;
  state: string;
  transport: string | null;
}

describe.skipIf(!found)(`a page of another origin that subscribes${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  let folder: string;
  let browser: Browser;
  let pages: StaticPages;
  let pageOrigin: string;
  let strict: Embedded;
  let open: Embedded;
  let key: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-origins-'));
    await buildClient(folder);
    const page = `<!doctype html><title>Page</title><script type="module">
      import { createClient } from './client.js';
      window.createClient = createClient;
    </script>`;
    pages = await serveTexts({ '/': page, '/client.js': await readFile(join(folder, 'client.js'), 'utf8') });
    pageOrigin = pages.url.replace('127.0.0.1', 'localhost');
    strict = await startOwnStack();
    open = await startOwnStack({ MILLRACE_ADMIN_KEY: OPERATOR, MILLRACE_HOSTS: pageOrigin });
    key = await prepare(open.url, pageOrigin);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    pages?.close();
    await strict?.close();
    await open?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Returns what the page gets first: a refusal, or null for contents. */
  const subscribe = async (options: object): Promise<Told> => {
    const page = await browser.newPage();
    await page.goto(pageOrigin);
    await page.waitForFunction(() => 'createClient' in window);
    const told = await page.evaluate(async (given) => {
      const { createClient } = window as unknown as typeof import('#client/index.ts');
      const client = createClient(given);
      const refusal = await new Promise<Told['told']>((resolve) => {
        client.subscribe({ metric: 'orders' }, { onRefused: resolve, onChange: () => resolve(null) });
      });
      const { state, transport } = client.connection;
      await client.close();
      return { told: refusal, state, transport };
    }, options);
    await page.close();
    return told;
  };

  it.each([
    ['both transports', ['websocket', 'polling'] as const],
    ['WebSocket alone', ['websocket'] as const],
    ['polling alone', ['polling'] as const],
  ])('gets a refusal that says what to do, over %s', async (_, transports) => {
    const { told, state } = await subscribe({ url: strict.url, transports });
    expect(told).toMatchObject({ code: 'forbidden_origin', retry: false });
    expect(told!.message).toContain('MILLRACE_HOSTS');
    expect(state).toBe('refused');
  });

  it.each(['websocket', 'polling'] as const)(
    'may where its origin is named and its key allows it, over %s',
    async (transport) => {
      const told = await subscribe({ url: open.url, key, transports: [transport] });
      expect(told).toEqual({ told: null, state: 'live', transport });
    },
  );

  it('is refused where its key is bound to other origins', async () => {
    const other = await prepare(open.url, 'https://elsewhere.example');
    const { told } = await subscribe({ url: open.url, key: other });
    expect(told).toMatchObject({ code: 'forbidden_origin', retry: false });
  });
});

/** Defines the metric and makes a key that may read it from pages of one origin. */
async function prepare(url: string, origin: string): Promise<string> {
  const headers = { authorization: `Bearer ${OPERATOR}`, 'content-type': 'application/json' };
  const metric = JSON.stringify({ event: 'order', aggregate: 'count' });
  await fetch(`${url}/v1/metrics/orders`, { method: 'PUT', headers, body: metric });
  const grant = JSON.stringify({ name: 'page', scope: 'read', origins: [origin] });
  const made = await fetch(`${url}/v1/keys`, { method: 'POST', headers, body: grant });
  return ((await made.json()) as { key: string }).key;
}
