import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { type MillraceProcess, startMillrace } from '../testing/millrace-process.ts';
import { findChromium, NO_CHROMIUM, openBrowser } from './chromium.ts';

const found = findChromium() !== null;
const PICTURES = join(import.meta.dirname, '..', '..', 'test-results', 'pictures');
const ADMIN = 'the-operator-s-own-long-random-key';
const view = (metric: string) => ({ metric, groupBy: [], window: '10s' });
const stat = (x: number, metric: string) => ({
  id: metric,
  kind: 'stat',
  title: metric,
  place: { x, y: 0, w: 6, h: 1 },
  view: view(metric),
});
const TAIL = { id: 'tail', kind: 'tail', title: 'Events', place: { x: 0, y: 1, w: 12, h: 3 } };
const BOARD = { title: 'Shop', panels: [stat(0, 'orders'), stat(6, 'users'), TAIL] };

describe.skipIf(!found)(`a page that needs a key${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  let data: string;
  let millrace: MillraceProcess;
  let browser: Browser;

  const call = async (method: string, path: string, body?: object): Promise<Response> => {
    const headers = { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' };
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${millrace.url}${path}`, { method, headers, ...init });
    if (!answer.ok) throw new Error(await answer.text());
    return answer;
  };
  const make = async (grant: object): Promise<{ id: string; key: string }> =>
    (await (await call('POST', '/v1/keys', { name: 'page', ...grant })).json()) as {
      id: string;
      key: string;
    };
  const post = () => call('POST', '/v1/events', [{ event: 'order' }, { event: 'user' }]);

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'millrace-keys-'));
    millrace = await startMillrace({ data, port: 0, env: { MILLRACE_ADMIN_KEY: ADMIN } });
    browser = await openBrowser();
    await mkdir(PICTURES, { recursive: true });
    for (const [id, event] of Object.entries({ orders: 'order', users: 'user' }))
      await call('PUT', `/v1/metrics/${id}`, { event, aggregate: 'count', window: '10s' });
    await call('PUT', '/v1/boards/shop', BOARD);
    await post();
  });
  afterAll(async () => {
    await browser?.close();
    await millrace?.kill();
    await rm(data, { recursive: true, force: true });
  });

  const open = async (theme = 'ink', width = 1440) => {
    const context = await browser.newContext({ viewport: { width, height: 900 } });
    const page = await context.newPage();
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    await page.clock.install();
    await page.goto(`${millrace.url}/boards/shop?theme=${theme}`);
    return { page, said };
  };
  const dialog = (page: Page) => page.getByRole('dialog', { name: 'Access key' });
  const enter = async (page: Page, key: string): Promise<void> => {
    await dialog(page).getByLabel('Your key').fill(key);
    await page.keyboard.press('Enter');
  };
  const live = (page: Page) => page.locator('[data-link="live"]').first().waitFor({ timeout: 60_000 });
  const panel = (page: Page, title: string) => page.getByRole('region', { name: new RegExp(`^${title}`) });

  it('asks once, says what is wrong with a key, and goes on with a right one without a reload', async () => {
    const { key } = await make({ scope: 'read' });
    const writer = await make({ scope: 'write' });
    const { page, said } = await open();
    await dialog(page).waitFor();
    await page.evaluate(() => Object.assign(window, { same: true }));
    await enter(page, 'open-sesame');
    await page.getByRole('alert').filter({ hasText: 'not known here' }).waitFor();
    await enter(page, writer.key);
    await page.getByRole('alert').filter({ hasText: 'does not allow reading' }).waitFor();
    await enter(page, ` ${key} `);
    await live(page);
    await panel(page, 'orders').waitFor();
    expect(await dialog(page).count()).toBe(0);
    expect(await page.evaluate(() => 'same' in window)).toBe(true);
    // Of this tab, beyond a reload, and nowhere else.
    await page.reload();
    await live(page);
    const places = await page.evaluate(() => [
      location.href,
      JSON.stringify({ ...localStorage }),
      document.cookie,
      document.documentElement.outerHTML,
    ]);
    const secret = key.slice(17);
    for (const text of [...places, ...said, millrace.output()]) expect(text).not.toContain(secret);
    const other = await page.context().newPage();
    await other.goto(`${millrace.url}/boards/shop`);
    await dialog(other).waitFor();
    await page.context().close();
  });

  it('can be put off, and asked again', async () => {
    const { page } = await open();
    await dialog(page).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('[data-link="no key"]').waitFor();
    // The page goes on to ask the server, and does not ask the reader again.
    const asked = page.waitForResponse((answer) => answer.status() === 401);
    await page.clock.fastForward('01:00');
    await asked;
    expect(await dialog(page).count()).toBe(0);
    await page.getByRole('button', { name: 'Enter a key' }).click();
    await enter(page, (await make({ scope: 'read' })).key);
    await live(page);
    await page.context().close();
  });

  it('asks again when its key is revoked, and goes on where it was', async () => {
    const { id, key } = await make({ scope: 'read' });
    const { page } = await open();
    await enter(page, key);
    await live(page);
    await call('DELETE', `/v1/keys/${id}`);
    await dialog(page).getByText('The key was revoked.').waitFor();
    // Behind a dialog nothing has a role.
    await page.getByText('needs a key', { exact: true }).first().waitFor();
    await enter(page, (await make({ scope: 'read' })).key);
    await live(page);
    await page.getByText('needs a key', { exact: true }).first().waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('makes keys in Settings, which work until they are revoked there, and shows each once', async () => {
    const { page, said } = await open();
    await enter(page, ADMIN);
    await live(page);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByLabel('For').fill('made on the page');
    await page.getByRole('button', { name: 'Make the key' }).click();
    const made = page.getByRole('group', { name: 'The new key' });
    const key = (await made.locator('code').textContent()) ?? '';
    const read = async (): Promise<number> => {
      const answer = await fetch(`${millrace.url}/v1/boards`, {
        headers: { authorization: `Bearer ${key}` },
      });
      await answer.body?.cancel();
      return answer.status;
    };
    expect(await read()).toBe(200);
    await made.getByRole('button', { name: 'I have it' }).click();
    const row = page.getByRole('row').filter({ hasText: 'made on the page' });
    await row.getByRole('button', { name: 'Revoke made on the page' }).click();
    await row.getByRole('button', { name: 'Revoke', exact: true }).click();
    await row.waitFor({ state: 'detached' });
    expect(await read()).toBe(401);
    const text = await page.evaluate(() => document.documentElement.outerHTML);
    for (const one of [text, ...said, millrace.output()]) expect(one).not.toContain(key.slice(17));
    await page.context().close();
  });

  it('says in Settings and System what a key lacks', async () => {
    const { key } = await make({ scope: 'read' });
    const { page } = await open();
    await enter(page, key);
    await live(page);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByText('No access.').waitFor();
    await page.getByRole('link', { name: 'System' }).click();
    await page.getByRole('heading', { name: 'Memory and limits' }).waitFor();
    await page.getByText('MILLRACE_STATE_BYTES').first().waitFor();
    await page.context().close();
  });

  it('shows what the key allows, and says of the rest that it does not', async () => {
    const { key } = await make({ scope: 'read', metrics: ['orders'] });
    const { page } = await open();
    await enter(page, key);
    await live(page);
    await panel(page, 'users').getByText('no access', { exact: true }).waitFor();
    await page.getByText('not the metric users').waitFor();
    await page.getByText('no single events').waitFor();
    await eventually(
      async () => {
        await post();
        return (await panel(page, 'orders').textContent()) ?? '';
      },
      (text) => /\d/.test(text) && !text.includes('no access'),
    );
    await page.screenshot({ path: join(PICTURES, 'keys-no-access.png') });
    await page.context().close();
  });

  it('forgets its key with all that it showed', async () => {
    const { page } = await open();
    await enter(page, (await make({ scope: 'read' })).key);
    await live(page);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Forget it' }).click();
    await dialog(page).waitFor();
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain('mr_');
    await page.goBack();
    await dialog(page).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('The board cannot be read.').waitFor();
    expect(await panel(page, 'orders').count()).toBe(0);
    await page.context().close();
  });

  it('carries the name of a variable in its commands, never the key', async () => {
    const { key } = await make({ scope: 'read' });
    await call('PUT', '/v1/boards/other', {
      title: 'Other',
      panels: [{ ...stat(0, 'nothing'), kind: 'bars', place: { x: 0, y: 0, w: 12, h: 3 } }],
    });
    const { page } = await open();
    await enter(page, key);
    await live(page);
    await page.goto(`${millrace.url}/boards/other`);
    const command = page.locator('code', { hasText: 'curl' }).first();
    expect(await command.textContent()).toMatch(
      /^curl -H "Authorization: Bearer \$MILLRACE_KEY" \\\n {2}-X PUT /,
    );
    await page.context().close();
  });

  it.each(['ink', 'paper'])('asks without barriers in %s', async (theme) => {
    for (const width of [1440, 390]) {
      const { page } = await open(theme, width);
      await dialog(page).waitFor();
      await page.screenshot({ path: join(PICTURES, `keys-${theme}-${width}.png`) });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html).join(' ')}`)).toEqual([]);
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('key-field');
      await page.context().close();
    }
  });
});
