import { describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM } from '../../tests/e2e/chromium.ts';
import { ORIGIN } from './serve-folder.ts';
import { usePage } from './use-page.ts';

const found = findChromium() !== null;

describe.skipIf(!found)(`how a board begins${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  const { page, open, address } = usePage();

  it('opens the demo only when its history is in, and says so until then', async () => {
    await page().goto(`${ORIGIN}/?fake=empty`);
    await page().getByRole('button', { name: 'Send demo traffic' }).click();
    await page()
      .getByText(/The demo is sending its last 30 minutes of history: [\d,]+ events so far/)
      .waitFor();
    expect(await page().locator('[data-panel]').count()).toBe(0);
    // There is nothing to do meanwhile, and nothing to teach.
    expect(await page().locator('pre, main button').count()).toBe(0);
    await page().locator('[data-panel]').first().waitFor();
    expect((await address()).pathname).toBe('/boards/storefront');
  });

  it('judges nothing by what is not counted yet', async () => {
    await open('/boards/refunds?fake=behind');
    const panel = page().locator('[data-panel=refunds]');
    await panel
      .locator('.tag')
      .getByText(/^counted to \d\d:\d\d:\d\d$/)
      .waitFor();
    expect(await panel.locator('.body').textContent()).toMatch(/^Events up to [\d:]+ are counted so far\./);
    expect(await panel.locator('pre').count()).toBe(0);
  });
});
