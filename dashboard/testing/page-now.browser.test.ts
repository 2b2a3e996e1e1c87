import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM } from '../../tests/e2e/chromium.ts';
import { eventually } from '../../tests/testing/eventually.ts';
import { usePage } from './use-page.ts';

const found = findChromium() !== null;

describe.skipIf(!found)(`Now${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  const { page, visit, address } = usePage();
  const path = async (): Promise<string> => (await address()).pathname;
  const thumb = (id: string) => page().locator(`[data-thumb=${id}]`);

  it('shows the boards there are, live, until one is pinned, and leads to them', async () => {
    await visit('/');
    await page().getByRole('heading', { name: 'Boards' }).waitFor();
    await thumb('storefront').locator('canvas').first().waitFor();
    await thumb('storefront').locator('.figure').first().waitFor();
    await page().getByRole('link', { name: 'Storefront' }).click();
    await page().locator('[data-panel]').first().waitFor();
    await page().getByRole('button', { name: 'Pin', exact: true }).click();
    await page().getByRole('button', { name: 'Unpin' }).waitFor();
    await page().keyboard.press('g');
    await page().keyboard.press('n');
    await page().getByRole('heading', { name: 'Pinned' }).waitFor();
    await thumb('storefront').waitFor();
    expect(await path()).toBe('/');
    await page().reload();
    await page().getByRole('heading', { name: 'Pinned' }).waitFor();
  });

  it('lists the first steps while there is something to do, and hides them for good', async () => {
    await visit('/?fake=empty');
    const steps = page().getByRole('region', { name: 'First steps' });
    await steps.waitFor();
    expect(await steps.getByRole('link', { name: 'How to send' }).getAttribute('href')).toBe('/connect');
    await page().getByText('No events yet. Send one.').waitFor();
    await page().keyboard.press('Tab');
    await steps.getByRole('button', { name: 'Hide' }).focus();
    await page().keyboard.press('Enter');
    await steps.waitFor({ state: 'detached' });
    await page().reload();
    await page().getByText('No events yet. Send one.').waitFor();
    expect(await steps.count()).toBe(0);
    // Where all are done they are not there.
    await page().evaluate(() => localStorage.clear());
    await visit('/');
    await thumb('storefront').waitFor();
    expect(await steps.count()).toBe(0);
  });

  it('shows no data of what is out of sight', async () => {
    await page().setViewportSize({ width: 390, height: 300 });
    await visit('/');
    await thumb('storefront').waitFor();
    await page()
      .locator('#main')
      .evaluate((main) => {
        const space = document.createElement('div');
        space.style.height = '2000px';
        main.prepend(space);
        main.scrollTop = 0;
      });
    await eventually(
      () => thumb('storefront').locator('canvas').count(),
      (canvases) => canvases === 0,
    );
  });

  it.each([
    ['/', 'ink', 1440],
    ['/', 'paper', 390],
    ['/?fake=empty', 'paper', 1440],
    ['/?fake=empty', 'ink', 390],
    ['/boards', 'ink', 390],
  ] as const)('%s in %s at %i px reads well to all, and nothing is cut off', async (at, theme, width) => {
    await page().setViewportSize({ width, height: 844 });
    await visit(`${at}${at.includes('?') ? '&' : '?'}theme=${theme}`);
    await page().locator('h2, h3, [data-panel]').first().waitFor();
    const axe = await new AxeBuilder({ page: page() }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa']).analyze();
    expect(axe.violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`)).toEqual([]);
    const wide = await page().evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(wide).toBe(false);
  });
});
