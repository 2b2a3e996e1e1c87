import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM } from '../../tests/e2e/chromium.ts';
import { eventually } from '../../tests/testing/eventually.ts';
import { usePage } from './use-page.ts';

const found = findChromium() !== null;

describe.skipIf(!found)(`Explore${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  const { page, open, visit, address } = usePage();
  const asked = async (): Promise<Record<string, string>> =>
    Object.fromEntries((await address()).searchParams);
  const drawer = () => page().getByRole('complementary', { name: 'Explain this number' });
  const canvas = () => page().locator('[data-panel=explore] canvas').first();
  const boots = () =>
    page()
      .getByRole('table', { name: /groups of/ })
      .getByRole('row', { name: /winter-boots/ });
  const slot = (name: string) => page().locator(`[data-slot="${name}"]`);

  /** Presses a window in the middle of the chart. */
  async function pressChart(): Promise<void> {
    await page().locator('[data-panel=explore][data-condition=live]').waitFor();
    const box = (await canvas().boundingBox())!;
    await page().mouse.click(box.x + box.width * 0.4, box.y + box.height / 2);
    await drawer().waitFor();
  }

  it('begins with a choice of metrics, and has the whole question in the address', async () => {
    await visit('/explore');
    await page().getByLabel('Metric, or = and an expression').fill('views');
    await page().keyboard.press('Enter');
    await canvas().waitFor();
    expect(await asked()).toEqual({ metric: 'pages' });
    await slot('split by').click();
    await page().getByRole('option', { name: 'page' }).click();
    await boots().waitFor();
    expect(await asked()).toEqual({ metric: 'pages', by: 'page' });
    await slot('against').click();
    await page().getByRole('option', { name: 'a week earlier' }).click();
    await eventually(asked, (now) => now.against === '7d');
    await page().goBack();
    await page().goBack();
    await page()
      .getByRole('table', { name: /groups of/ })
      .waitFor({ state: 'detached' });
    expect(await asked()).toEqual({ metric: 'pages' });
    await page().goBack();
    await page().getByRole('heading', { name: 'Which metric?' }).waitFor();
  });

  it('explains the window that is pressed, which a link shows too', async () => {
    await open('/explore?metric=checkout_latency&output=p99');
    await pressChart();
    await drawer().getByText('421').waitFor();
    await drawer().getByText('duration_ms is text, the metric needs a finite number').waitFor();
    await drawer()
      .getByRole('row', { name: /2\.41\.0/ })
      .getByText('+73')
      .waitFor();
    await drawer().getByText('within chance: country.').waitFor();
    const { at, until } = await asked();
    expect(Date.parse(until!) - Date.parse(at!)).toBe(10_000);
    await drawer().getByRole('button', { name: 'Window before' }).click();
    await eventually(asked, (now) => now.until === at);
    await page().reload();
    await drawer().getByText('421').waitFor();
    await page().keyboard.press('Escape');
    await drawer().waitFor({ state: 'detached' });
    expect(await asked()).toEqual({ metric: 'checkout_latency', output: 'p99' });
  });

  it('reads the events of a window page by page', async () => {
    await open('/explore?metric=checkout_latency&output=p99');
    await pressChart();
    const rows = drawer()
      .getByRole('region', { name: /Events of this window/ })
      .locator('ol > li');
    await eventually(
      () => rows.count(),
      (n) => n === 20,
    );
    await drawer().getByRole('button', { name: 'More events' }).click();
    await eventually(
      () => rows.count(),
      (n) => n === 40,
    );
    await rows.first().getByRole('button').first().click();
    await drawer().getByText('"northbank"').first().waitFor();
  });

  it('is read and explained by keys alone', async () => {
    await open('/explore?metric=pages&by=page');
    await page().locator('[data-panel=explore][data-condition=live]').waitFor();
    await page().focus('[data-panel=explore]');
    await page().keyboard.press('Enter');
    await page().keyboard.press('ArrowLeft');
    await page().keyboard.press('Enter');
    await drawer().waitFor();
    const row = boots();
    await row.focus();
    await page().keyboard.press('Enter');
    await eventually(asked, (now) => now.group === '{"page":"/sale/winter-boots"}');
    await row.focus();
    await page().keyboard.press('d');
    await row.getByText('hidden').waitFor();
    await page().keyboard.press('!');
    await eventually(asked, (now) => now.where === 'page != /sale/winter-boots');
  });

  it('filters by a value that differs, where it is of a dimension', async () => {
    await open('/explore?metric=pages&by=page');
    await pressChart();
    const values = drawer().getByRole('region', { name: /What differs/ });
    await values.getByText('2.41.0').waitFor();
    expect(await values.getByRole('button', { name: '2.41.0' }).count()).toBe(0);
    expect(await values.getByText('2.41.0').getAttribute('title')).toContain('no dimension of pages');
    await values.getByRole('button', { name: '/checkout' }).click();
    await eventually(asked, (now) => now.where === 'page = /checkout');
  });

  it('keeps the chart while a filter cannot be read, and says what is wrong', async () => {
    await open('/explore?metric=pages&by=page&where=page+%3D');
    await page().getByText('The filter cannot be read.').waitFor();
    await page().locator('[data-panel=explore][data-condition=live]').waitFor();
  });

  it('puts the chart on a board', async () => {
    await open('/explore?metric=checkout_latency&output=p99');
    await page().getByRole('button', { name: 'Add to board' }).click();
    const dialog = page().getByRole('dialog', { name: 'Add to board' });
    await dialog.getByLabel('Title').fill('Slowest');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    const link = dialog.getByRole('link', { name: 'Storefront' });
    await link.waitFor();
    expect(await link.getAttribute('href')).toBe('/boards/storefront?panel=checkout-latency');
  });

  it('puts the chart on a board of its own', async () => {
    await open('/explore?metric=checkout_latency');
    await page().getByRole('button', { name: 'Add to board' }).click();
    const dialog = page().getByRole('dialog', { name: 'Add to board' });
    await dialog.getByRole('combobox', { name: /^Board/ }).selectOption('a new board');
    expect(await dialog.getByRole('button', { name: 'Add', exact: true }).isDisabled()).toBe(true);
    await dialog.getByLabel('Title of the new board').fill('My first');
    await page().keyboard.press('Enter');
    const link = dialog.getByRole('link', { name: 'My first' });
    await link.waitFor();
    expect(await link.getAttribute('href')).toBe('/boards/my-first?panel=checkout-latency');
  });

  it.each([
    ['ink', 1_440],
    ['paper', 1_440],
    ['ink', 390],
    ['paper', 390],
  ] as const)('can be read by everybody in %s, %d px wide', async (theme, width) => {
    await page().setViewportSize({ width, height: 844 });
    await page().emulateMedia({ colorScheme: theme === 'ink' ? 'dark' : 'light' });
    await open('/explore?metric=pages&by=page&at=2026-11-29T14:00:00Z&until=2026-11-29T14:00:10Z');
    await drawer().getByText('within chance').waitFor();
    await boots().waitFor();
    const { violations } = await new AxeBuilder({ page: page() })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'])
      .analyze();
    expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual(
      [],
    );
    expect(await page().evaluate(() => document.querySelector('main')!.scrollWidth)).toBeLessThanOrEqual(
      width,
    );
    if (width > 640) return;
    const small = await page().evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('main button:not(.table), main a')]
        .map((e) => ({ name: e.textContent?.trim(), box: e.getBoundingClientRect() }))
        .filter(({ box }) => box.height > 0 && box.width > 0 && box.height < 40),
    );
    expect(small).toEqual([]);
  });
});
