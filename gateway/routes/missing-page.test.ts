import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getRaw } from '../testing/get-raw.ts';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const PAGE = '<!doctype html><title>Millrace</title>';
/** What the build says of its parts. */
const MANIFEST = {
  'index.html': { file: 'assets/index-1.js', isEntry: true, css: ['assets/index-1.css'] },
  'src/board/board-page.svelte': {
    ...{ file: 'assets/board-2.js', css: ['assets/board-2.css'] },
    imports: ['index.html', '_chart'],
  },
  _chart: { file: 'assets/chart-3.js', imports: ['index.html'] },
  'src/system/system-page.svelte': { file: 'assets/system-4.js' },
};

let gateway: TestGateway;
let bare: TestGateway;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-missing-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), PAGE);
  await mkdir(join(folder, '.vite'));
  await writeFile(join(folder, '.vite', 'manifest.json'), JSON.stringify(MANIFEST));
  gateway = await startGateway({}, { staticFolder: folder, clientFile: null });
  bare = await startGateway({}, { staticFolder: null, clientFile: null });
});
afterAll(async () => {
  await gateway.close();
  await bare.close();
  await rm(folder, { recursive: true });
});

/** The path as it is written: fetch would tidy it up. */
const get = (path: string, accept: string, { url } = gateway, method = 'GET') =>
  getRaw(url, { path, method, headers: { accept } });

describe('an address where there is nothing', () => {
  it.each([
    ['/nope', 404],
    ['/dashboards/shop', 404],
    ['/boards/a/b', 404],
    ['/boards/a/b/', 404],
    ['/assets/app-0000.js', 404],
    ['/index', 404],
    [`/boards/${'a'.repeat(600)}`, 400],
    ['/boards/%zz', 400],
    ['/%ff', 400],
    ['//shop', 400],
    ['/..%2f..%2fetc/passwd', 404],
  ])('%s is the page for a browser, with status %d', async (path, status) => {
    const shown = await get(path, BROWSER);
    expect([shown.status, shown.type, shown.text]).toEqual([status, 'text/html; charset=utf-8', PAGE]);
    expect(shown.headers['content-security-policy']).toContain("default-src 'self'");
    expect(shown.headers['cache-control']).toBe('no-cache');
    expect(shown.headers.vary).toMatch(/accept/i);
    for (const program of ['*/*', 'application/json', 'text/html;q=0.1, application/json']) {
      const told = await get(path, program);
      expect([told.status, told.type]).toEqual([status, 'application/problem+json']);
      expect(told.headers.vary).toMatch(/accept/i);
    }
    expect((await get(path, BROWSER, bare)).type).toMatch(/problem\+json/);
  });

  it.each(['/v1', '/v1/', '/v1/nope', '/v1/boards/a/b', '/v1/%zz'])(
    '%s is a problem for everybody, since programs ask there',
    async (path) => {
      expect((await get(path, BROWSER)).type).toMatch(/problem\+json/);
    },
  );

  it('is a problem for a POST, and a page without its body for a HEAD', async () => {
    expect((await get('/nope', BROWSER, gateway, 'POST')).type).toMatch(/problem\+json/);
    const head = await get('/nope', BROWSER, gateway, 'HEAD');
    expect([head.status, head.type, head.text]).toEqual([404, 'text/html; charset=utf-8', '']);
  });

  it('is counted among the refusals', async () => {
    const count = async (): Promise<number> => {
      const text = (await get('/metrics', '*/*')).text;
      return Number(/millrace_http_refusals_total\{[^}]*code="not_found"[^}]*\} (\d+)/.exec(text)?.[1] ?? 0);
    };
    const before = await count();
    await get('/nope', BROWSER);
    expect(await count()).toBe(before + 1);
  });
});

it.each([
  '/',
  '/boards',
  '/boards/',
  '/boards/shop',
  '/boards/shop/',
  '/boards/shop?range=1h',
  '/connect',
  '/explore?metric=orders',
  '/catalogue',
  '/catalogue/new?event=checkout',
  '/catalogue/orders/',
  '/system',
  '/settings/',
])('%s is the page, with status 200', async (path) => {
  expect(await get(path, BROWSER)).toMatchObject({ status: 200, text: PAGE });
});

it('names what draws a board to the browser before it has read the page, and to no other room', async () => {
  const { headers } = await get('/boards/shop', BROWSER);
  expect(headers.link).toBe(
    '</assets/board-2.js>; rel=modulepreload, </assets/chart-3.js>; rel=modulepreload, </assets/board-2.css>; rel=preload; as=style; crossorigin',
  );
  expect((await get('/boards', BROWSER)).headers.link).toBeUndefined();
  expect((await get('/system', BROWSER)).headers.link).toBeUndefined();
});
