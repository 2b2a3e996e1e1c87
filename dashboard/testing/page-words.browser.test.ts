import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM } from '../../tests/e2e/chromium.ts';
import { usePage } from './use-page.ts';

const found = findChromium() !== null;

describe.skipIf(!found)(`words of the page${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  const { page, open } = usePage();
  const tip = () => page().locator('[role=tooltip]:popover-open');
  const texts = async (selector: string, of: RegExp): Promise<number> =>
    (await page().locator(selector).allInnerTexts()).join(' ').split(of).length - 1;

  it('say once, and in one place, that the page is paused and how much waits', async () => {
    await open('/boards/storefront');
    await page().locator('[data-panel=latency] canvas').first().waitFor();
    await page().keyboard.press('Space');
    await page()
      .locator('.link')
      .getByText(/\+[1-9] s waiting/)
      .waitFor();
    expect(await texts('body', /paused/i)).toBe(1);
    expect(await texts('body', /waiting/i)).toBe(1);
    const conditions = page().locator('[data-condition=paused]');
    expect(await conditions.count()).toBeGreaterThan(8);
  });

  it.each([
    ['watermark', /^The watermark: all events up to this time are counted/],
    ['lag', /^Blocks of events that are stored and not counted yet/],
    ['late', /^The share of events that arrived too late/],
    ['rejected', /^Events refused by the server/],
  ])('explain %s on hover, on focus and by touch, and go with Escape', async (id, words) => {
    await open('/boards/storefront');
    const term = page().locator('.statusbar button', { has: page().locator(`[data-status=${id}]`) });
    // With the first beat the figures take their room.
    await page().locator('[data-status=ingest]').getByText('ev/s').waitFor();
    await term.hover();
    expect(await tip().textContent()).toMatch(words);
    await page().mouse.move(700, 500);
    await tip().waitFor({ state: 'detached' });
    await term.focus();
    expect(await tip().textContent()).toMatch(words);
    const box = (await tip().boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.y + box.height).toBeLessThanOrEqual(900);
    await page().keyboard.press('Escape');
    await tip().waitFor({ state: 'detached' });
    await term.blur();
    await term.dispatchEvent('pointerenter', { pointerType: 'touch' });
    await term.click();
    expect(await tip().textContent()).toMatch(words);
  });

  it.each([1_440, 1_100, 1_024, 700])(
    'are cut nowhere in the status bar, however long its figures, %d px wide',
    async (width) => {
      await page().setViewportSize({ width, height: 900 });
      await open('/boards/storefront');
      await page().locator('[data-status=ingest]').getByText('ev/s').waitFor();
      const cut = await page().evaluate(() => {
        for (const figure of document.querySelectorAll('.statusbar b'))
          figure.textContent = `${figure.textContent} and 1.35 s`;
        const bar = document.querySelector('.statusbar')!.getBoundingClientRect();
        const items = [...document.querySelectorAll('.statusbar > span')].map((item) =>
          item.getBoundingClientRect(),
        );
        const shown = items.filter((box) => box.width > 0 && box.top < bar.bottom);
        return [
          shown.length > 3,
          shown.every((box) => box.left >= bar.left && box.right <= bar.right && box.bottom <= bar.bottom),
        ];
      });
      expect(cut).toEqual([true, true]);
    },
  );

  it('explain what a stat compares, by touch on a telephone', async () => {
    await page().setViewportSize({ width: 390, height: 844 });
    await open('/boards/storefront');
    const delta = page().locator('[data-panel=orders] .delta button');
    await delta.click();
    expect(await tip().textContent()).toMatch(/^Sum from [\d:]+ to [\d:]+:/);
    const box = (await tip().boundingBox())!;
    expect(box.x + box.width).toBeLessThanOrEqual(390);
  });

  it('have no rates of a server that is away, and say that some views are old', async () => {
    await open('/boards/storefront?fake=reconnecting');
    // Before the first heartbeat there are no rates either, so the link tells when they have gone again.
    await page().locator('[data-link=reconnecting]').waitFor();
    for (const text of await page()
      .locator('.statusbar [data-status]:not([data-status=frame])')
      .allInnerTexts())
      expect(text.trim()).toBe('–');
    await open('/boards/storefront?fake=partly-stale');
    await page()
      .locator('[data-link="partly stale"]')
      .getByText(/^1 of 16 views/)
      .waitFor();
  });

  it('say that queries fail, beside the connection and as long as they do', async () => {
    await open('/boards/storefront?fake=refused');
    await page()
      .locator('[data-link=failing]')
      .getByText(/^\d+ panels, trying again$/)
      .waitFor();
    const refused = await page().locator('[data-condition=refused]').count();
    expect(await page().locator('.link').textContent()).toContain(`${refused} panels`);
    await open('/boards/storefront');
    await page().locator('[data-link=live]').waitFor();
  });

  it('are all there for the keyboard shortcuts', async () => {
    await open('/boards/storefront');
    await page().getByRole('button', { name: 'Shortcuts' }).click();
    await page().getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
    expect(await texts('dialog', /\bread(ing)?\b/)).toBe(0);
  });

  it.each([
    ['ink', 1440],
    ['paper', 390],
  ])('warn in a line that can be read by everybody: %s, %d px wide', async (theme, width) => {
    await page().setViewportSize({ width, height: 844 });
    await open(`/boards/storefront?fake=warned&theme=${theme}`);
    const line = page().locator('.warnings');
    await line.getByText('is full').waitFor();
    expect(await line.locator('p').count()).toBe(1);
    await line.getByRole('button', { name: 'And 1 more' }).click();
    await line.getByText('was set back').waitFor();
    const box = (await line.boundingBox())!;
    expect(box.y + box.height).toBeLessThanOrEqual(844);
    expect(await line.evaluate((e) => e.scrollWidth)).toBeLessThanOrEqual(width);
    const { violations } = await new AxeBuilder({ page: page() })
      .include('.warnings')
      .include('.topbar')
      .analyze();
    expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual(
      [],
    );
  });

  it('offer to remove the demo without a flicker while the address changes', async () => {
    await open('/boards/storefront?fake=demo');
    const offer = page().getByRole('button', { name: 'Remove demo data' });
    await offer.waitFor();
    const button = await offer.elementHandle();
    for (const key of ['1', '4', 'Space', 'l', '3']) await page().keyboard.press(key);
    await page().focus('[data-panel=latency]');
    expect(await button!.evaluate((e) => e.isConnected)).toBe(true);
  });
});
