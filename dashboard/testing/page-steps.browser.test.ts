import { describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM } from '../../tests/e2e/chromium.ts';
import { eventually } from '../../tests/testing/eventually.ts';
import { usePage } from './use-page.ts';

const found = findChromium() !== null;

describe.skipIf(!found)(`the page in the browser's hands${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  const { page, open } = usePage();
  const textOf = async (selector: string): Promise<string> =>
    ((await page().locator(selector).textContent()) ?? '').trim();

  it('goes back through ranges and moments, and then to the board before', async () => {
    await open('/boards/refunds?fake=first');
    await open('/boards/storefront');
    const shown = (): Promise<string> => textOf('.shown .name');
    await page().keyboard.press('1');
    await page().keyboard.press('4');
    await page().keyboard.press(' ');
    expect(page().url()).toMatch(/range=1h.*paused=/);
    await page().goBack();
    expect(page().url()).not.toContain('paused');
    await page().goBack();
    await eventually(shown, (range) => range === '1 min');
    await page().goForward();
    await eventually(shown, (range) => range === '1 h');
    for (let i = 0; i < 3; i++) await page().goBack();
    expect(page().url()).toContain('/boards/refunds');
  });

  it('prints charts of the size of the paper, with nothing over them', async () => {
    await open('/boards/storefront');
    await page().locator('[data-panel=latency] canvas').first().waitFor();
    await page().emulateMedia({ media: 'print' });
    await page().setViewportSize({ width: 794, height: 1_123 });
    const sizes = (): Promise<boolean[]> =>
      page()
        .locator('.plot:not(.spark)')
        .evaluateAll((plots) =>
          plots.map((plot) => plot.querySelector('canvas')!.width === plot.clientWidth * devicePixelRatio),
        );
    await eventually(sizes, (fit) => fit.length > 0 && fit.every(Boolean));
    // It is cleared with every drawing, and on paper that clears what lies under it.
    expect(await page().locator('canvas.over').first().isVisible()).toBe(false);
  });
});
