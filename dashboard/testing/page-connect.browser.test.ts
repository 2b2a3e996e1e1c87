import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM } from '../../tests/e2e/chromium.ts';
import { eventually } from '../../tests/testing/eventually.ts';
import { usePage } from './use-page.ts';

const found = findChromium() !== null;

describe.skipIf(!found)(`Connect${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  const { page, visit, address } = usePage();
  const code = () => page().locator('#snippet-code code');
  const tab = (name: string) => page().getByRole('tab', { name, exact: true });
  const rows = () => page().getByRole('list', { name: 'What came' }).getByRole('listitem');

  it('is a step from any room, by mouse and by keys', async () => {
    await visit('/settings');
    await page().getByRole('navigation').getByRole('link', { name: 'Connect' }).click();
    await page().getByRole('heading', { name: 'Send one event, from anywhere' }).waitFor();
    expect((await address()).pathname).toBe('/connect');
    expect(await page().title()).toBe('Connect · Millrace');
    await page().goBack();
    await page().getByRole('heading', { name: 'Look' }).waitFor();
    await page().keyboard.press('g');
    await page().keyboard.press('c');
    await page().getByRole('heading', { name: 'Your key' }).waitFor();
  });

  it('has tabs for arrows, Home and End, and the chosen one in its address', async () => {
    await visit('/connect');
    await tab('curl').focus();
    await page().keyboard.press('ArrowRight');
    await page().keyboard.press('ArrowRight');
    expect(await page().evaluate(() => document.activeElement?.textContent)).toBe('Node SDK');
    expect(await tab('Node SDK').getAttribute('aria-selected')).toBe('true');
    expect((await address()).search).toBe('?snippet=node');
    await page().keyboard.press('End');
    expect(await code().textContent()).toContain('import json, urllib.request');
    await page().keyboard.press('ArrowRight');
    expect(await tab('curl').getAttribute('aria-selected')).toBe('true');
    await visit('/connect?snippet=browser');
    expect(await tab('Browser SDK').getAttribute('aria-selected')).toBe('true');
    await visit('/connect?snippet=cobol');
    expect(await tab('curl').getAttribute('aria-selected')).toBe('true');
  });

  it('copies a snippet, or selects it where there is no clipboard', async () => {
    await visit('/connect');
    const whole = (await code().textContent()) ?? '';
    expect(whole).toMatch(/^curl http/);
    expect(whole).not.toContain('authorization');
    const button = page().getByRole('button', { name: 'the curl snippet' });
    // The page is not served by https here, and so has no clipboard of its own.
    await button.focus();
    await page().keyboard.press('Enter');
    await button.getByText('Selected').waitFor();
    expect(await page().evaluate(() => getSelection()?.toString())).toBe(whole);
    await page().evaluate(() => {
      const writeText = async (text: string) => void Object.assign(globalThis, { copied: text });
      Object.defineProperty(navigator, 'clipboard', { value: { writeText } });
    });
    await button.click();
    await button.getByText('Copied').waitFor();
    expect(await page().evaluate(() => Reflect.get(globalThis, 'copied'))).toBe(whole);
  });

  it('lists what arrives with its verdict, and what was refused with cause and fix', async () => {
    await visit('/connect');
    await page().getByRole('heading', { name: 'First event received' }).waitFor();
    await rows().and(page().locator('[data-result=counted]')).first().waitFor();
    const refused = rows().and(page().locator('[data-code=invalid_json]')).first();
    expect(((await refused.textContent()) ?? '').replaceAll(/\s+/g, ' ')).toMatch(
      /400 refused.*The text is not valid JSON\..*Send valid JSON.*Nothing was stored\./,
    );
    await refused.getByText('What was sent').click();
    await refused.locator('pre').waitFor();
  });

  it('waits, says since when, and for what', async () => {
    await visit('/connect?fake=empty');
    await page().getByRole('heading', { name: 'Waiting for the first event' }).waitFor();
    await page()
      .getByText(/^Listening since \d\d:\d\d:\d\d\./)
      .waitFor();
    const states = (): Promise<string[]> =>
      page()
        .locator('[data-check]')
        .evaluateAll((all) => all.map((e) => (e as HTMLElement).dataset.state ?? ''));
    await eventually(states, (all) => all.join() === 'works,works,waits,waits,waits');
    await visit('/connect?fake=reconnecting');
    await page().getByRole('heading', { name: 'Not listening' }).waitFor();
  });

  it('offers a key where one is needed, and says what a key lacks', async () => {
    await visit('/connect?fake=keyed');
    expect(await code().textContent()).toContain('$MILLRACE_KEY');
    await page().getByRole('button', { name: 'Make a key that can only send' }).click();
    await page().getByText('Write only, and already in the snippets below.').waitFor();
    expect(await code().textContent()).toMatch(/Bearer mr_/);
  });

  it.each([
    ['/connect', 'ink', 1440],
    ['/connect', 'paper', 1440],
    ['/connect?fake=empty', 'paper', 1024],
    ['/connect?fake=keyed', 'ink', 390],
    ['/connect?snippet=browser', 'paper', 390],
    ['/connect?fake=forbidden', 'ink', 1024],
  ])('can be read by everybody: %s in %s, %d px wide', async (path, theme, width) => {
    await page().setViewportSize({ width, height: 844 });
    await page().emulateMedia({ colorScheme: theme === 'ink' ? 'dark' : 'light' });
    await visit(path);
    await page().locator('[data-check=gateway][data-state=works]').waitFor();
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

  it('has targets that are large enough on a phone', async () => {
    await page().setViewportSize({ width: 390, height: 844 });
    await visit('/connect?fake=keyed');
    await page().getByRole('button', { name: 'Make a key that can only send' }).waitFor();
    const small = await page().evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('main button, main summary')]
        .map((e) => ({ name: e.textContent?.trim(), box: e.getBoundingClientRect() }))
        .filter(({ box }) => box.height > 0 && box.height < 44),
    );
    expect(small).toEqual([]);
  });
});
