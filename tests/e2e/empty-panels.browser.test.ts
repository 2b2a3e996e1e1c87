import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../testing/free-port.ts';
import { type MillraceProcess, startMillrace } from '../testing/millrace-process.ts';
import { findChromium, NO_CHROMIUM, openBrowser } from './chromium.ts';

const found = findChromium() !== null;
const run = promisify(execFile);

describe.skipIf(!found)(`empty panels in a browser${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  let data: string;
  let millrace: MillraceProcess;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'millrace-empty-'));
    millrace = await startMillrace({ data, port: await freePort() });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await millrace?.kill();
    await rm(data, { recursive: true, force: true });
  });
  beforeEach(async () => {
    page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  });
  afterEach(() => page.context().close());

  const send = async (method: string, path: string, body: unknown): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${millrace.url}${path}`, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
    await answer.body?.cancel();
  };
  const open = async (id: string, metric: object, view: object = {}): Promise<void> => {
    await send('PUT', `/v1/metrics/${id}`, { window: '1s', ...metric });
    const panel = { id: 'p', kind: 'line', title: 'P', place: { x: 0, y: 0, w: 6, h: 4 } };
    await send('PUT', `/v1/boards/${id}`, { panels: [{ ...panel, view: { metric: id, ...view } }] });
    await page.goto(`${millrace.url}/boards/${id}`);
  };
  const command = () => page.locator('[data-panel=p] pre code');

  it.each([
    ['a count', { event: 'tip', aggregate: 'count' }, {}],
    ['a sum', { event: 'tip', aggregate: 'sum(amount)' }, {}],
    [
      'a quantile with conditions and groups',
      {
        event: ['tip', 'gift'],
        aggregate: 'p99("Took (ms)")',
        groupBy: ['shop', 'country'],
        where: { currency: ['EUR', 'CHF'], amount: { gt: 100, lte: 150 }, test: null, open: true },
      },
      {},
    ],
    [
      "a filter of the panel's own",
      // No other test sends it: where other shops were seen, the panel names them in place of a command.
      { event: 'refund', aggregate: 'avg(amount)', groupBy: ['shop'] },
      { where: { shop: "O'Neill" } },
    ],
  ])('draw what their own command sends: %s', async (name, metric, view) => {
    await open(`own.${name.replaceAll(/\W+/g, '_')}`, metric, view);
    await command().waitFor();
    const { stdout } = await run('bash', ['-c', (await command().textContent())!]);
    expect(JSON.parse(stdout)).toMatchObject({ accepted: 1 });
    await page.locator('[data-panel=p] canvas').first().waitFor();
  });

  it('say why events that came did not count', async () => {
    await open('tips', {
      event: 'tip',
      aggregate: 'sum(amount)',
      where: { currency: 'EUR' },
      lateness: '10s',
    });
    await command().waitFor();
    const tip = (properties: object, more: object = {}) => ({ event: 'tip', properties, ...more });
    const now = Date.now();
    await send('POST', '/v1/events', [tip({ currency: 'EUR', amount: '12' }), tip({ currency: 'EUR' })]);
    await send('POST', '/v1/events', [tip({ currency: 'USD', amount: 12 })]);
    const causes = page.getByRole('list', { name: 'Events that came and did not count' });
    await causes.getByText('skipped: amount is the text "12", a number is needed').waitFor();
    await causes.getByText('skipped: amount is missing, a number is needed').waitFor();
    await causes.getByText('filtered: currency is the text "USD", counted is EUR').waitFor();
    await send('POST', '/v1/events', [tip({ currency: 'SEK' }), tip({ currency: 'EUR', amount: '13' })]);
    // One cause is listed once, and its count grows while the view moves on.
    await causes
      .getByText('2 came and did not count, the newest filtered: currency is the text "SEK"')
      .waitFor();
    await causes.getByText('2 came and did not count, the newest skipped: amount is the text "13"').waitFor();
    expect(await page.locator('.instead').count()).toBe(0);
    await page.reload();
    await command().waitFor();
    // Received events advance the watermark, which closes what is older than the lateness.
    await send('POST', '/v1/events', [tip({ currency: 'EUR', amount: 1 }, { timestamp: now - 300_000 })]);
    await causes.getByText(/late: more than 10 s behind/).waitFor();
  });

  it('name what came instead only while nothing of their own came', async () => {
    await open('gifts', { event: 'gift_given', aggregate: 'count' });
    await command().waitFor();
    await send('POST', '/v1/events', [{ event: 'gift_givn' }]);
    await page.locator('.instead').getByText('gift_givn').waitFor();
  });
});
