import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM } from '../../tests/e2e/chromium.ts';
import { eventually } from '../../tests/testing/eventually.ts';
import { usePage } from './use-page.ts';

const found = findChromium() !== null;

describe.skipIf(!found)(`the events of the page${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  const { page, visit, address } = usePage();
  const feed = () => page().getByRole('region', { name: 'Events, newest first' });
  const rows = () => feed().locator('[data-place]');
  const names = () => page().getByRole('list', { name: 'Names of events' });
  const query = async (): Promise<string> => decodeURIComponent((await address()).search);
  const places = (): Promise<string[]> =>
    page().evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('[data-place]')].map(({ dataset }) => dataset.place!),
    );

  it('are one list of what comes and of the archive, in order and each once', async () => {
    await visit('/events');
    await rows().first().waitFor();
    const before = (await places())[0]!;
    const all = await eventually(places, (now) => now[0] !== before && now.length > 100);
    expect(new Set(all).size).toBe(all.length);
    const times = await feed()
      .locator('time')
      .evaluateAll((all) => all.map((one) => one.getAttribute('datetime')!));
    expect(times).toEqual([...times].sort().reverse());
    await feed()
      .getByText(/^\d+ shown, \d+ not shown$/)
      .first()
      .waitFor();
  });

  it('are filtered by a name and a value, with the address and Back', async () => {
    await visit('/events');
    await names()
      .getByRole('button', { name: /^order_completed/ })
      .click();
    await eventually(query, (text) => text === '?event=order_completed');
    await page().getByRole('list', { name: 'Properties of order_completed' }).waitFor();
    await page()
      .getByRole('button', { name: /^country:/ })
      .click();
    await page().getByRole('button', { name: 'only country = DE', exact: true }).click();
    await eventually(query, (text) => text === '?event=order_completed&where=country+=+DE');
    await eventually(
      () => feed().locator('.pairs').allTextContents(),
      (texts) => texts.length > 5 && texts.every((text) => text.includes('country DE')),
    );
    await page().getByRole('button', { name: 'without country = DE', exact: true }).click();
    await eventually(query, (text) => text === '?event=order_completed&where=country+!=+DE');
    expect(await page().getByRole('link', { name: 'Make a metric from this' }).getAttribute('href')).toBe(
      '/catalogue/new?event=order_completed&where=country+%21%3D+DE',
    );
    await page().goBack();
    await eventually(query, (text) => text === '?event=order_completed&where=country+=+DE');
    await page().goBack();
    await eventually(query, (text) => text === '?event=order_completed');
  });

  it('open to their JSON and verdict, stand still meanwhile, and lead to what their key sent: by keys alone', async () => {
    await visit('/events');
    await rows().nth(5).waitFor();
    await rows().nth(3).locator('button').first().focus();
    await page().keyboard.press('ArrowDown');
    await page().keyboard.press('Enter');
    const did = page().getByRole('list', { name: 'What the metrics did with it' });
    await did.waitFor();
    expect(await did.getByRole('listitem').allTextContents()).toMatchObject({ length: 6 });
    await did.getByText('amount is text, the metric needs a finite number').waitFor();
    await feed().getByText('"properties": {').waitFor();
    const held = await places();
    await page()
      .getByRole('button', { name: /newer wait: show the newest$/ })
      .waitFor();
    expect(await places()).toEqual(held);
    await page().keyboard.press('k');
    const key = await eventually(query, (text) => text.startsWith('?key=u_'));
    await page()
      .getByText(/complete: all \d+ in the archive/)
      .waitFor();
    const of = await feed().locator('.of').allTextContents();
    expect(new Set(of.map((text) => text.trim()))).toEqual(new Set([key.slice('?key='.length)]));
    await page().keyboard.press('Tab');
    await page()
      .getByRole('button', { name: /^Stop following/ })
      .click();
    await eventually(query, (text) => text === '');
  });

  it('go on to older ones while it is scrolled, and come back to the newest', async () => {
    await visit('/events');
    await rows().nth(20).waitFor();
    const first = (await places()).length;
    await feed().evaluate((box) => box.scrollTo(0, box.scrollHeight));
    await eventually(places, (now) => now.length >= first + 90);
    await page()
      .getByRole('button', { name: /show the newest$/ })
      .click();
    expect(await feed().evaluate((box) => box.scrollTop)).toBe(0);
  });

  it('say with a code why a filter cannot be read, and nothing else is lost', async () => {
    await visit('/events?where=country%20%3D%3D%20DE');
    await page().getByRole('alert').getByText('invalid_filter').waitFor();
    await page().getByText('the events come when it can be read').waitFor();
    await names().getByRole('button').first().waitFor();
  });

  it('were rejected for causes, with what to do, alone where that is wanted', async () => {
    await visit('/events');
    const rejected = page().getByRole('region', { name: 'Rejected' });
    await rejected.getByText('Put amount under properties').waitFor();
    await rejected.getByRole('button', { name: 'All rejected' }).click();
    await eventually(query, (text) => text === '?rejected=all');
    await rejected.getByText('{"event":"order_completed","amount":59.9}').waitFor();
    await rejected.getByText('1,902 of unknown_field').waitFor();
    expect(await feed().count()).toBe(0);
  });

  it('are paused with the page', async () => {
    await visit('/events');
    await rows().first().waitFor();
    await page().keyboard.press('Space');
    await eventually(query, (text) => text.startsWith('?paused='));
    const held = await places();
    await page()
      .getByRole('button', { name: /newer wait/ })
      .waitFor();
    expect(await places()).toEqual(held);
    await page().keyboard.press('l');
    await eventually(places, (now) => now[0] !== held[0]);
  });

  it.each([
    ['fake=refused', 'The archive cannot be read.'],
    ['id=nothing', 'No event of the archive is like that.'],
  ])('say what is the matter: %s', async (asked, text) => {
    await visit(`/events?${asked}`);
    await page().getByText(text).waitFor();
  });

  it.each([
    ['/events?event=page_viewed', 'ink', 1440],
    ['/events?event=page_viewed', 'paper', 390],
    ['/events?key=u_1007', 'paper', 1024],
    ['/events?rejected=all', 'ink', 390],
  ])('can be read by everybody: %s in %s, %d px wide', async (path, theme, width) => {
    await page().setViewportSize({ width, height: 844 });
    await page().emulateMedia({ colorScheme: theme === 'ink' ? 'dark' : 'light' });
    await visit(path);
    await page().getByRole('region', { name: 'Rejected' }).getByRole('button').waitFor();
    if (!path.includes('rejected')) {
      await rows().first().locator('button').first().click();
      await page().getByRole('list', { name: 'What the metrics did with it' }).waitFor();
    }
    const { violations } = await new AxeBuilder({ page: page() })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'])
      .analyze();
    expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual(
      [],
    );
    const wide = await page().evaluate(() => document.querySelector('main')!.scrollWidth);
    expect(wide).toBeLessThanOrEqual(width);
    if (width > 640) return;
    const small = await page().evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('main a, main button, main summary')]
        .map((e) => ({ name: e.textContent?.trim(), height: e.getBoundingClientRect().height }))
        .filter(({ height }) => height > 0 && height < 44),
    );
    expect(small).toEqual([]);
  });
});
