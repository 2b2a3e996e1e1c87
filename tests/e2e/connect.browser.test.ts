import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { type MillraceProcess, startMillrace } from '../testing/millrace-process.ts';
import { findChromium, NO_CHROMIUM, openBrowser } from './chromium.ts';

const found = findChromium() !== null;
const ADMIN = 'the-operator-s-own-long-random-key';
const HOUR = 3_600_000;

/** A request to send events that goes wrong, or whose event is not counted. */
interface Case {
  /** What the row says: the word of the verdict, or the code of the refusal. */
  row: { result: string } | { code: string };
  saw: RegExp;
  fix: RegExp;
  send: { key?: string | null; path?: string; type?: string; body: string | object };
}

const order = (more: object, properties: object = {}): object => ({
  ...{ event: 'order', key: 'u_1', properties: { amount: 5, country: 'DE', ...properties } },
  ...more,
});

/** Why an event is not there; `key` is the write key unless a case names another. */
const CASES: Record<string, Case> = {
  'a key that is not known': {
    row: { code: 'invalid_key' },
    saw: /401 refused.*The key is not known here/,
    fix: /typing errors/,
    send: { key: 'mr_0123456789ab_0123456789abcdef0123456789abcdef0123456789abcdef', body: order({}) },
  },
  'no key': {
    row: { code: 'missing_key' },
    saw: /401 refused.*A key is needed/,
    fix: /Send Authorization: Bearer/,
    send: { key: null, body: order({}) },
  },
  'a key that may only read': {
    row: { code: 'forbidden_scope' },
    saw: /403 refused.*needs a key with the scope write/,
    fix: /Use a key with the scope/,
    send: { key: 'reader', body: order({}) },
  },
  'a wrong address': {
    row: { code: 'not_found' },
    saw: /404 refused.*nothing at this address/,
    fix: /\/openapi\.json/,
    send: { path: '/v1/event', body: order({}) },
  },
  'a wrong type of content': {
    row: { code: 'unsupported_media_type' },
    saw: /415 refused.*content type/,
    fix: /Send JSON, or NDJSON/,
    send: { type: 'text/csv', body: 'order,5' },
  },
  'JSON that ends too early': {
    row: { code: 'invalid_json' },
    saw: /400 refused.*not valid JSON/,
    fix: /Send valid JSON/,
    send: { body: '{"event":"order"' },
  },
  'a field that is none': {
    row: { code: 'unknown_field' },
    saw: /400 refused.*"amount" is not a field/,
    fix: /under properties/,
    send: { body: { event: 'order', amount: 5 } },
  },
  'an event that is too large': {
    row: { code: 'event_too_large' },
    saw: /413 refused.*larger than the limit/,
    fix: /MILLRACE_EVENT_BYTES/,
    send: { body: order({}, { note: 'x'.repeat(5_000) }) },
  },
  'a time that is too far in the future': {
    row: { code: 'timestamp_in_future' },
    saw: /400 refused.*in the future/,
    fix: /sender's clock/,
    send: { body: order({ timestamp: Date.now() + 48 * HOUR }) },
  },
  'a time that is too long ago': {
    row: { result: 'late' },
    saw: /later than orders waits for/,
    fix: /greater lateness/,
    send: { body: order({ timestamp: Date.now() - HOUR }) },
  },
  'an id that was there before': {
    row: { result: 'duplicate' },
    saw: /An event with the id order-1 came before/,
    fix: /an id of its own/,
    send: { body: order({ id: 'order-1' }) },
  },
  'a name that no metric counts': {
    row: { result: 'no metric' },
    saw: /No metric counts oder\. Metrics count order/,
    fix: /correct the name/,
    send: { body: order({ event: 'oder' }) },
  },
  'a filter that does not hold': {
    row: { result: 'filtered' },
    saw: /orders counts where country = DE/,
    fix: /change the filter of orders/,
    send: { body: order({}, { country: 'FR' }) },
  },
  'a value of the wrong type': {
    row: { result: 'skipped' },
    saw: /orders takes amount as .*number, and it is text/,
    fix: /without quotes/,
    send: { body: order({}, { amount: '5' }) },
  },
};

describe.skipIf(!found)(`my event is not there${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  let data: string;
  let millrace: MillraceProcess;
  let browser: Browser;
  let page: Page;
  const keys: Record<string, string> = {};
  const faults: string[] = [];

  const call = async (method: string, path: string, body: object): Promise<unknown> => {
    const headers = { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' };
    const answer = await fetch(`${millrace.url}${path}`, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  };
  const send = async ({ key = 'writer', path = '/v1/events', type, body }: Case['send']): Promise<number> => {
    const answer = await fetch(`${millrace.url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': type ?? 'application/json',
        ...(key === null ? {} : { authorization: `Bearer ${keys[key] ?? key}` }),
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    await answer.body?.cancel();
    return answer.status;
  };
  const rows = (at: Page) => at.getByRole('list', { name: 'What came' }).getByRole('listitem');
  const open = async (key: string): Promise<Page> => {
    const opened = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    opened.on('pageerror', (error) => faults.push(error.message));
    await opened.addInitScript((value) => sessionStorage.setItem('millrace.key', value), key);
    await opened.goto(`${millrace.url}/connect`);
    await opened.locator('[data-check=gateway][data-state=works]').waitFor();
    return opened;
  };

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'millrace-connect-'));
    const env = { MILLRACE_ADMIN_KEY: ADMIN, MILLRACE_EVENT_BYTES: '2000' };
    millrace = await startMillrace({ data, port: 0, env });
    browser = await openBrowser();
    const scopes = { writer: 'write', reader: 'read' };
    for (const [name, scope] of Object.entries(scopes))
      keys[name] = ((await call('POST', '/v1/keys', { name, scope })) as { key: string }).key;
    const metric = { event: 'order', aggregate: 'sum(amount)', where: 'country = DE', window: '10s' };
    await call('PUT', '/v1/metrics/orders', metric);
    page = await open(ADMIN);
    // Counted: what comes later is late, a repeat and so on only after it.
    await send({ body: order({ id: 'order-1' }) });
    await rows(page).and(page.locator('[data-result=counted]')).first().waitFor();
  });
  afterEach(() => expect(faults).toEqual([]));
  afterAll(async () => {
    await browser?.close();
    await millrace?.kill();
    await rm(data, { recursive: true, force: true });
  });

  it('and is, where it is counted: the way works from the sender to the Store', async () => {
    expect(await rows(page).last().textContent()).toMatch(/counted.*order.*In orders\./s);
    await page.getByRole('heading', { name: 'First event received' }).waitFor();
    for (const id of ['gateway', 'key', 'requests', 'accepted', 'stored'])
      await page.locator(`[data-check=${id}][data-state=works]`).waitFor();
  });

  it.each(Object.entries(CASES))('because of %s', async (_, { row, saw, fix, send: sent }) => {
    await send(sent);
    const selector = 'code' in row ? `[data-code=${row.code}]` : `[data-result="${row.result}"]`;
    const line = rows(page).and(page.locator(selector)).first();
    await line.waitFor();
    const text = ((await line.textContent()) ?? '').replaceAll(/\s+/g, ' ');
    expect(text).toMatch(saw);
    expect(text).toMatch(fix);
  });

  it('makes a key that can only send, puts it into the snippets, and sends a test event with it', async () => {
    const opened = await open(ADMIN);
    const code = opened.locator('#snippet-code code').last();
    expect(await code.textContent()).toContain('$MILLRACE_KEY');
    await opened.getByRole('button', { name: 'Make a key that can only send' }).click();
    await opened.getByText('Write only, and already in the snippets below.').waitFor();
    const made = /mr_[0-9a-f]{12}_[0-9a-f]{48}/.exec((await code.textContent()) ?? '')?.[0] ?? '';
    expect(await opened.locator('.key code').textContent()).toBe(made);
    expect(await opened.locator('body').innerHTML()).not.toContain(ADMIN);
    await opened.getByRole('button', { name: 'Send a test event' }).click();
    const test = rows(opened).and(opened.locator('[data-result=test]')).first();
    await test.waitFor();
    expect(await test.textContent()).toMatch(
      /Sent from this page, \d+ ms to the screen|[\d.]+ s to the screen/,
    );
    await opened.getByRole('heading', { name: 'Waiting for the first event' }).waitFor();
    await opened.close();
  });

  it('says to a reader what is needed, and why its test event is refused', async () => {
    const opened = await open(keys.reader!);
    await opened.getByText('who has one with admin can make it').waitFor();
    await opened.locator('[data-check=key][data-state=waits]').getByText('not write').waitFor();
    expect(await opened.locator('#snippet-code code').last().textContent()).toContain('$MILLRACE_KEY');
    await opened.getByRole('button', { name: 'Send a test event' }).click();
    await opened.getByText('Use a key with the scope that the message names.').first().waitFor();
    await opened.close();
  });

  it('says that all were refused, and that the gateway is away', async () => {
    const opened = await open(ADMIN);
    await send(CASES['no key']!.send);
    await opened.locator('[data-check=accepted][data-state=fails]').getByText('last: 401').waitFor();
    await opened.context().setOffline(true);
    await opened.evaluate(() => window.dispatchEvent(new Event('offline')));
    await eventually(
      () => opened.locator('[data-check=gateway]').getAttribute('data-state'),
      (state) => state === 'fails',
      90_000,
    );
    await opened.getByRole('heading', { name: 'Not listening' }).waitFor();
    await opened.close();
  });
});
