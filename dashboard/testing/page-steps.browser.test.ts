import { describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM } from '../../tests/e2e/chromium.ts';
import { eventually } from '../../tests/testing/eventually.ts';
import { usePage } from './use-page.ts';

const found = findChromium() !== null;

describe.skipIf(!found)(`the page in the browser's hands${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  const { page, open, address } = usePage();
  const textOf = async (selector: string): Promise<string> =>
    ((await page().locator(selector).textContent()) ?? '').trim();

  it('goes back through ranges and moments, and then to the board before', async () => {
    await open('/boards/refunds?fake=first');
    await open('/boards/storefront');
    const shown = (): Promise<string> => textOf('.shown .name');
    await page().keyboard.press('1');
    await page().keyboard.press('4');
    await page().keyboard.press(' ');
    expect((await address()).href).toMatch(/range=1h.*paused=/);
    await page().goBack();
    expect((await address()).href).not.toContain('paused');
    await page().goBack();
    await eventually(shown, (range) => range === '1 min');
    await page().goForward();
    await eventually(shown, (range) => range === '1 h');
    for (let i = 0; i < 3; i++) await page().goBack();
    expect((await address()).href).toContain('/boards/refunds');
  });
});
