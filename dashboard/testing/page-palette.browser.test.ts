import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM } from '../../tests/e2e/chromium.ts';
import { eventually } from '../../tests/testing/eventually.ts';
import { usePage } from './use-page.ts';

const found = findChromium() !== null;

describe.skipIf(!found)(`the palette${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  const { page, open, visit, address } = usePage();
  const field = () => page().getByRole('combobox');
  const chosen = () => page().getByRole('option', { selected: true });
  const show = async (): Promise<void> => {
    await page().keyboard.press('Control+k');
    await field().waitFor();
  };
  const focusedPanel = (): Promise<string | undefined> =>
    page().evaluate(() => (document.activeElement as HTMLElement).dataset.panel);

  it('leads to a page, a board and a panel by the keyboard alone', async () => {
    await visit('/settings');
    await show();
    await page().keyboard.type('syst');
    await eventually(
      () => chosen().textContent(),
      (text) => text?.includes('System') === true,
    );
    await page().keyboard.press('Enter');
    await page().getByRole('heading', { name: 'What comes in' }).waitFor();
    await show();
    await page().keyboard.type('checkout latency');
    await page().getByRole('option', { name: 'Checkout latency' }).first().waitFor();
    await page().keyboard.press('Enter');
    await page().locator('[data-panel=latency]').waitFor();
    expect((await address()).href).toContain('/boards/storefront?panel=latency');
    await eventually(focusedPanel, (panel) => panel === 'latency');
    await page().goBack();
    await page().getByRole('heading', { name: 'What comes in' }).waitFor();
  });

  it('says which line is chosen, goes round, and closes to where it was opened', async () => {
    await open('/boards/storefront');
    await page().focus('[data-panel=latency]');
    await show();
    expect(await field().getAttribute('aria-activedescendant')).toBe('palette-0');
    await page().keyboard.press('ArrowUp');
    const options = await page().getByRole('option').count();
    expect(await field().getAttribute('aria-activedescendant')).toBe(`palette-${options - 1}`);
    await page().keyboard.press('ArrowDown');
    expect(await chosen().getAttribute('id')).toBe('palette-0');
    await page().keyboard.type('zzzz');
    await page().getByText('Nothing has these words.').waitFor();
    expect(await field().getAttribute('aria-activedescendant')).toBeNull();
    await page().keyboard.press('Escape');
    await field().waitFor({ state: 'detached' });
    expect(await focusedPanel()).toBe('latency');
  });

  it('does what it says, and begins with that the next time', async () => {
    await open('/boards/storefront');
    await show();
    await page().keyboard.type('>pause');
    await page().keyboard.press('Enter');
    await page().locator('[data-link=paused]').waitFor();
    await show();
    await page().keyboard.type('14:00 - 14:30 yesterday');
    await page().keyboard.press('Escape');
    await show();
    await page().keyboard.type('light');
    await page().getByRole('option', { name: 'Theme: paper' }).waitFor();
    await page().keyboard.press('Enter');
    expect(await page().evaluate(() => document.documentElement.dataset.theme)).toBe('paper');
    await show();
    expect(await chosen().textContent()).toContain('Theme: paper');
  });

  it('opens again in the very moment in which it closes, and closes by its own keys', async () => {
    await open('/boards/storefront');
    await show();
    for (let times = 0; times < 5; times += 1) {
      await page().keyboard.type('syst');
      // One task for both keys: the browser has not yet told that the dialog closed.
      await page().evaluate(() => {
        document.querySelector<HTMLDialogElement>('dialog[open]')?.close();
        const init = { key: 'k', ctrlKey: true, bubbles: true, cancelable: true };
        document.body.dispatchEvent(new KeyboardEvent('keydown', init));
      });
      await eventually(
        () => field().inputValue(),
        (text) => text === '',
      );
    }
    await page().keyboard.press('Control+k');
    await field().waitFor({ state: 'detached' });
  });

  it('shows a range that is written out', async () => {
    await open('/boards/storefront');
    await show();
    await page().keyboard.type('45 min');
    await page().getByRole('option', { name: 'Show 45 min' }).waitFor();
    await page().keyboard.press('Enter');
    await eventually(address, ({ href }) => href.includes('range=45m'));
  });

  it.each([
    ['dark', 1440],
    ['light', 390],
  ] as const)('can be read by everybody: %s, %d px wide', async (colorScheme, width) => {
    await page().setViewportSize({ width, height: 844 });
    await page().emulateMedia({ colorScheme });
    await open('/boards/storefront');
    await page().getByRole('button', { name: 'Go to' }).click();
    await field().fill('o');
    await page().getByRole('option').first().waitFor();
    const { violations } = await new AxeBuilder({ page: page() }).include('dialog').analyze();
    expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual(
      [],
    );
  });
});
