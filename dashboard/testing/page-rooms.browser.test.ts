import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM } from '../../tests/e2e/chromium.ts';
import { eventually } from '../../tests/testing/eventually.ts';
import { usePage } from './use-page.ts';

const found = findChromium() !== null;

describe.skipIf(!found)(`the rooms of the page${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  const { page, open, visit, address: whole } = usePage();
  const rail = (name: string) => page().getByRole('navigation').getByRole('link', { name });
  const address = async (): Promise<string> => {
    const { pathname, search } = await whole();
    return pathname + search;
  };
  const focused = (): Promise<string | undefined> =>
    page().evaluate(() => document.activeElement?.textContent?.trim());

  it('are a step away, which Back returns from with the time, the panels and the title', async () => {
    await open('/boards/storefront?range=5m&table=latency');
    await rail('System').click();
    await page().getByRole('heading', { name: 'What comes in' }).waitFor();
    expect(await address()).toBe('/system?range=5m');
    expect(await page().title()).toBe('System · Millrace');
    expect(await rail('System').getAttribute('aria-current')).toBe('page');
    expect(await rail('Boards').getAttribute('aria-current')).toBeNull();
    await eventually(focused, (text) => text === 'System');
    await rail('Settings').click();
    await page().getByRole('heading', { name: 'Look' }).waitFor();
    await page().goBack();
    await page().goBack();
    await page().getByRole('region', { name: 'Checkout latency: table' }).waitFor();
    expect(await address()).toBe('/boards/storefront?range=5m&table=latency');
    await page().getByRole('heading', { name: 'Storefront' }).waitFor();
    expect(await page().title()).toBe('Storefront · Millrace');
    await page().goForward();
    await page().getByRole('heading', { name: 'What comes in' }).waitFor();
  });

  it('make a step of a range, and none of a focus', async () => {
    await open('/boards/storefront');
    const before = await page().evaluate(() => history.length);
    await page().focus('[data-panel=latency]');
    expect(await address()).toBe('/boards/storefront?panel=latency');
    expect(await page().evaluate(() => history.length)).toBe(before);
    await page().keyboard.press('4');
    expect(await address()).toBe('/boards/storefront?range=1h&panel=latency');
    await page().goBack();
    await eventually(address, (now) => now === '/boards/storefront?panel=latency');
  });

  it('open in another tab with a modifier, as any link', async () => {
    await visit('/settings');
    const [other] = await Promise.all([
      page().context().waitForEvent('page'),
      rail('System').click({ modifiers: ['Control'] }),
    ]);
    await other.close();
    expect(await address()).toBe('/settings');
  });

  it('are reached by keys: G and a letter, the skip link, Tab', async () => {
    await visit('/settings');
    await page().keyboard.press('g');
    await page().keyboard.press('s');
    await page().getByRole('heading', { name: 'What comes in' }).waitFor();
    await page().keyboard.press('g');
    await page().keyboard.press(',');
    await page().getByRole('heading', { name: 'Look' }).waitFor();
    await open('/boards/storefront');
    await page().focus('[data-panel=latency]');
    await page().keyboard.press('g');
    await page().keyboard.press('b');
    // The list leads on to the only board. By itself the letter would make a table of the panel.
    await eventually(address, (now) => now === '/boards/storefront');
    await page().goBack();
    await eventually(address, (now) => now === '/boards/storefront?panel=latency');
    await visit('/settings');
    await page().keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    await page().keyboard.press('Enter');
    expect(await page().evaluate(() => document.activeElement?.id)).toBe('main');
    expect(await address()).toBe('/settings');
  });

  it('have a page for what is nowhere, with the rail around it', async () => {
    await visit('/dashboards/storefrnt');
    await page().getByText('There is nothing at').waitFor();
    expect(await page().title()).toBe('Nothing here · Millrace');
    await page().getByRole('link', { name: 'Storefront' }).click();
    await page().locator('[data-panel=latency]').waitFor();
    expect(await address()).toBe('/boards/storefront');
  });

  it('say that they could not be loaded, and come back where they were asked for', async () => {
    let cut = true;
    await page().route(/system-page/, (route) => (cut ? route.abort() : route.fallback()));
    await visit('/settings');
    await page().getByRole('heading', { name: 'Look' }).waitFor();
    await rail('System').click();
    await page().getByText('This page could not be loaded.').waitFor();
    expect(await page().getByRole('navigation').isVisible()).toBe(true);
    cut = false;
    await page().getByRole('button', { name: 'Try again' }).click();
    await page().getByRole('heading', { name: 'What comes in' }).waitFor();
    expect(await address()).toBe('/system');
  });

  it('say in System what is unusual, what is old, and who may not look', async () => {
    await visit('/system?fake=warned');
    await page().getByText('things are not as usual').waitFor();
    await page().getByText('State bytes: 93.0 MB of 96.0 MB').waitFor();
    await visit('/system?fake=stale');
    await page().getByText('is silent').first().waitFor();
    await page()
      .getByText(/^last update 4\d s ago$/)
      .first()
      .waitFor();
    await visit('/system?fake=forbidden');
    await page().getByText('The key does not allow reading.').waitFor();
  });

  it('keep what is chosen in Settings, and take no notice of what is damaged', async () => {
    await visit('/settings');
    await page().getByLabel('Paper, light').check();
    await page().getByRole('group', { name: 'Letters' }).getByLabel('Off').check();
    const theme = (): Promise<string | undefined> =>
      page().evaluate(() => document.documentElement.dataset.theme);
    expect(await theme()).toBe('paper');
    await page().reload();
    await page().getByRole('heading', { name: 'Look' }).waitFor();
    expect(await theme()).toBe('paper');
    await page().keyboard.press('t');
    expect(await theme()).toBe('paper');
    await page().evaluate(() => {
      for (const name of Object.keys(localStorage))
        localStorage.setItem(name, '{"theme":"pink","letters":7}');
    });
    await page().reload();
    expect(await page().getByLabel('As the system').first().isChecked()).toBe(true);
    expect(await page().getByRole('group', { name: 'Letters' }).getByLabel('On').isChecked()).toBe(true);
  });

  it('make a key that is shown once, list it, and revoke it', async () => {
    await visit('/settings');
    await page().getByLabel('For', { exact: true }).fill('shop 8');
    await page().getByLabel('write', { exact: false }).check();
    await page().getByRole('button', { name: 'Make the key' }).click();
    const made = page().getByRole('group', { name: 'The new key' });
    expect(await made.locator('code').textContent()).toMatch(/^mr_/);
    const row = page().getByRole('row').filter({ hasText: 'shop 8' });
    expect(await row.textContent()).toContain('write');
    await made.getByRole('button', { name: 'I have it' }).click();
    expect(await page().getByText(/mr_/).count()).toBe(0);
    await row.getByRole('button', { name: 'Revoke shop 8' }).click();
    await row.getByRole('button', { name: 'Revoke', exact: true }).click();
    await row.waitFor({ state: 'detached' });
    await visit('/settings?fake=forbidden');
    await page().getByText('No access.').waitFor();
  });

  it.each([
    ['/system?fake=warned', 'ink', 1440],
    ['/system', 'paper', 390],
    ['/system?fake=stale', 'paper', 720],
    ['/settings', 'ink', 390],
    ['/settings', 'paper', 1024],
    ['/settings?fake=forbidden', 'ink', 1440],
    ['/nowhere', 'ink', 390],
  ])('can be read by everybody: %s in %s, %d px wide', async (path, theme, width) => {
    await page().setViewportSize({ width, height: 844 });
    await page().emulateMedia({ colorScheme: theme === 'ink' ? 'dark' : 'light' });
    await visit(path);
    await page().locator('main h2').first().waitFor();
    const { violations } = await new AxeBuilder({ page: page() })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'])
      .analyze();
    expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual(
      [],
    );
    expect(await page().evaluate(() => document.querySelector('main')!.scrollWidth)).toBeLessThanOrEqual(
      width,
    );
  });

  it('fit a phone by a bar and a sheet, every target large enough', async () => {
    await page().setViewportSize({ width: 390, height: 844 });
    await visit('/system');
    await page().getByRole('button', { name: 'More' }).click();
    const sheet = page().getByRole('dialog', { name: 'More' });
    await sheet.waitFor();
    const small = await page().evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('nav a, nav button, dialog a, dialog button')]
        .map((e) => ({ name: e.textContent?.trim(), box: e.getBoundingClientRect() }))
        .filter(({ box }) => box.height > 0 && (box.height < 44 || box.width < 44)),
    );
    expect(small).toEqual([]);
    await sheet.getByRole('link', { name: 'Settings' }).click();
    await page().getByRole('heading', { name: 'Look' }).waitFor();
    await sheet.waitFor({ state: 'detached' });
  });
});
