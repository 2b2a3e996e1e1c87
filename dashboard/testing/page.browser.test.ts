import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM } from '../../tests/e2e/chromium.ts';
import { eventually } from '../../tests/testing/eventually.ts';
import { usePage } from './use-page.ts';

const found = findChromium() !== null;

describe.skipIf(!found)(`the page over seeded data${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  const { page, open, address } = usePage();
  const conditions = (): Promise<string[]> =>
    page()
      .locator('[data-panel]')
      .evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.condition ?? ''));

  it('goes on through quick changes of the range, tail and all', async () => {
    await open('/boards/storefront');
    for (let round = 0; round < 3; round++)
      for (const key of '123456789') await page().keyboard.press(key, { delay: 20 });
    await page().keyboard.press('1');
    expect((await address()).href).toContain('range=1m');
    const newest = (): Promise<string | null> =>
      page().locator('[data-panel=tail] time').first().textContent();
    const before = await newest();
    await eventually(newest, (time) => time !== before);
    const times = await page().locator('[data-panel=tail] time').allTextContents();
    expect(times).toEqual([...times].sort().reverse());
  });

  it('measures the first event of an empty panel', async () => {
    await open('/boards/refunds?fake=first');
    await page().getByText('no events yet').waitFor();
    const delay = page().locator('[data-status=event-to-pixel]');
    expect(await delay.textContent()).toBe('–');
    await page().locator('[data-panel=refunds] canvas').first().waitFor();
    const words = await eventually(
      () => delay.textContent(),
      (text) => /p50 \d/.test(text ?? ''),
    );
    expect(words).toMatch(/p50 \d+ ms/);
  });

  it('shows the figures as a table by button and by key, and says so in the address', async () => {
    await open('/boards/storefront');
    await page().getByRole('button', { name: 'Checkout latency as a table' }).click();
    await page().getByRole('region', { name: 'Checkout latency: table' }).waitFor();
    expect(await page().locator('[data-panel=latency] canvas').count()).toBe(0);
    await page().focus('[data-panel=orders-bars]');
    await page().keyboard.press('b');
    await eventually(
      () => page().locator('[data-panel=orders-bars] canvas').count(),
      (n) => n === 0,
    );
    await page().reload();
    await page().getByRole('region', { name: 'Orders: table' }).waitFor();
    await page().focus('[data-panel=orders-bars]');
    await page().keyboard.press('b');
    await page().locator('[data-panel=orders-bars] canvas').first().waitFor();
    expect((await address()).href).not.toContain('table=orders-bars');
  });

  it('keeps keys of one character switched off', async () => {
    await open('/boards/storefront');
    await page().focus('[data-panel=latency]');
    await page().keyboard.press('?');
    await page().getByLabel('Shortcuts of one character').uncheck();
    await page().keyboard.press('Escape');
    expect(await page().evaluate(() => (document.activeElement as HTMLElement).dataset.panel)).toBe(
      'latency',
    );
    await page().reload();
    await page().locator('[data-panel]').first().waitFor();
    await page().keyboard.press('1');
    await page().keyboard.press('?');
    expect(await page().locator('dialog').count()).toBe(0);
    expect((await address()).href).not.toContain('range');
    await page().keyboard.press('Space');
    await page().locator('[data-link=paused]').waitFor();
  });

  it('draws a chart to the bottom of its panel after the window took another shape', async () => {
    await open('/boards/storefront');
    await page().locator('[data-panel=latency] canvas').first().waitFor();
    await page().setViewportSize({ width: 1000, height: 900 });
    await eventually(
      () => page().evaluate(inkOfTimeAxis, '[data-panel=latency] canvas'),
      (pixels) => pixels > 50,
    );
  });

  it.each([390, 360])('draws the small line beside every figure on a telephone %d px wide', async (width) => {
    await page().setViewportSize({ width, height: 844 });
    await open('/boards/storefront');
    const lines = page().locator('[data-panel] .stat .sp-plot');
    await lines.first().waitFor({ state: 'attached' });
    const widths = await lines.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width));
    expect(widths.length).toBeGreaterThan(1);
    expect(Math.min(...widths)).toBeGreaterThanOrEqual(24);
  });

  it('says in every panel, the tail too, that the data has become old', async () => {
    await open('/boards/storefront?fake=stale');
    await eventually(conditions, (all) => all.length === 11 && all.every((one) => one === 'stale'));
    expect(await page().locator('[data-panel=tail] .tag').textContent()).toMatch(/last update \d+ s ago/);
  });

  it('keeps the last good picture of a view that is refused, faint, above the reason', async () => {
    await open('/boards/storefront?fake=refused');
    const panel = page().locator('[data-panel=latency]');
    await panel.getByText('The Store does not answer now.').waitFor();
    expect(await panel.locator('.picture').evaluate((e) => getComputedStyle(e).opacity)).toBe('0.4');
    expect(await panel.locator('.fault').textContent()).toMatch(/Last good picture \d\d:\d\d:\d\d/);
  });

  it('ranks the groups of a metric, with shares, small lines and the others, and moves with every event, without a signal that is always on', async () => {
    await open('/boards/lists');
    const pages = page().locator('[data-panel=top-pages]');
    await pages.getByRole('rowheader', { name: '3 others' }).waitFor();
    expect(await pages.getByRole('rowheader').allTextContents()).toEqual(
      [
        '/',
        '/sale/winter-boots',
        '/p/trail-runner-2',
        '/checkout',
        '/search?q=jacket',
        '/p/merino-base',
      ].concat('none', '3 others'),
    );
    expect(await pages.locator('header .unit').textContent()).toBe('views · share % · 15 min');
    expect(await pages.locator('caption').textContent()).toMatch(
      /^Top pages: 10 groups, 15 min\. \/ [\d,]+ \(/,
    );
    const shares = await pages.locator('tbody td:last-child').allTextContents();
    expect(shares.map(Number).reduce((a, b) => a + b)).toBeCloseTo(100, 0);
    expect(await pages.locator('tbody svg path').count()).toBe(7);
    const first = pages.locator('tbody tr').first();
    const row = await first.elementHandle();
    const sum = (): Promise<string | null> => first.locator('td.num').first().textContent();
    const before = await sum();
    await eventually(sum, (now) => now !== before);
    // It moves all the time: a signal that is always on would say nothing.
    expect(await row!.evaluate((e) => e.isConnected && !e.classList.contains('young'))).toBe(true);
  });

  it('has no shares of values that do not add, and says which window it shows', async () => {
    await page().setViewportSize({ width: 1440, height: 560 });
    await open('/boards/lists');
    const countries = page().locator('[data-panel=top-countries]');
    const others = countries.locator('tr.others');
    expect(await others.locator('th').textContent()).toMatch(/^\d+ others$/);
    expect(await others.locator('td').last().textContent()).toBe('–');
    expect(await countries.locator('header .unit').textContent()).toMatch(/^users · 10 s to \d\d:\d\d:\d0$/);
    const capped = page().locator('[data-panel=capped]');
    expect(await capped.locator('tbody td.num').first().textContent()).toMatch(/^≥ /);
  });

  it('orders a table by click and by key, and says so in the address', async () => {
    await open('/boards/lists');
    const table = page().getByRole('region', { name: 'Latency by service: table of groups' });
    const names = (): Promise<string[]> => table.getByRole('rowheader').allTextContents();
    const upwards = ['checkout-api', 'payments', 'search', 'catalog', 'media-cdn'];
    await table.getByRole('button', { name: 'p99' }).click();
    await eventually(names, (now) => now[0] === 'catalog');
    expect((await address()).searchParams.get('sort')).toBe('latency:-p99');
    await page().keyboard.press('Enter');
    await eventually(names, (now) => now.join() === upwards.join());
    expect(await table.getByRole('columnheader', { name: 'p99' }).getAttribute('aria-sort')).toBe(
      'ascending',
    );
    await page().reload();
    await eventually(names, (now) => now.join() === upwards.join());
    expect((await address()).href).toContain('sort=latency');
  });

  it('shows no value as a dash and zero as 0, and each unit once, a currency before', async () => {
    await open('/boards/lists');
    const figure = (id: string): Promise<string> =>
      eventually(
        async () => ((await page().locator(`[data-panel=${id}] .v`).textContent()) ?? '').trim(),
        (text) => text !== '',
      );
    expect([await figure('still-zero'), await figure('still-none')]).toEqual(['0', '–']);
    expect(await figure('order-value')).toMatch(/^€\s*\d/);
    const still = page().locator('[data-panel=latency] tr', { hasText: 'media-cdn' });
    expect(await still.locator('td').allTextContents()).toEqual(['–', '–', '–']);
    for (const [id, unit] of [['latency', 'ms'] as const, ['revenue', '€'] as const]) {
      const panel = page().locator(`[data-panel=${id}]`);
      expect((await panel.locator('header .unit').textContent())?.split(' · ')[0]).toBe(unit);
      expect(await panel.locator('.body').textContent()).not.toContain(unit);
    }
  });

  it('says of a stat what its figure is of, and how that differs from before, or why it does not', async () => {
    await open('/boards/lists');
    const stat = (id: string) => page().locator(`[data-panel=${id}]`);
    const delta = stat('order-value').locator('.delta');
    await delta.getByText('vs prev 15 min').waitFor();
    expect(await stat('order-value').locator('header .unit').textContent()).toBe('15 min');
    expect(await delta.locator('[role=tooltip]').textContent()).toMatch(
      /^Value of all from [\d:]+ to [\d:]+: € \d[\d.]*; of the range before, [\d:]+ to [\d:]+: € \d/,
    );
    expect(await stat('still-none').locator('header .tag').textContent()).toBe('no events');
    await open('/boards/storefront');
    const orders = stat('orders');
    await orders.locator('.delta').getByText('vs prev 15 min').waitFor();
    expect(await orders.locator('header .unit').textContent()).toBe('15 min');
    // About 35 orders in each of 90 windows of 10 s.
    const figure = Number(await orders.locator('[data-figure]').getAttribute('data-figure'));
    expect(figure).toBeGreaterThan(2_000);
    await page().keyboard.press('2');
    await orders.locator('.delta').getByText('vs prev 5 min').waitFor();
    expect(Number(await orders.locator('[data-figure]').getAttribute('data-figure'))).toBeLessThan(
      figure / 2,
    );
  });

  it('says that the filter is why a panel is empty', async () => {
    await open('/boards/lists');
    const panel = page().locator('[data-panel=unmatched]');
    await panel.getByText('0 of 1,204 ev/s match').waitFor();
    expect(await panel.locator('.body').textContent()).toContain('page = /nowhere');
    await panel.getByText(/^Values seen in the last 1 h: .*winter-boots.*, and 5 more\.$/).waitFor();
  });

  it('keeps a list while the page is paused, and says how much waits', async () => {
    await open('/boards/lists');
    const pages = page().locator('[data-panel=top-pages]');
    const figures = (): Promise<string[]> => pages.locator('td.num').allTextContents();
    await pages.locator('tbody tr').first().waitFor();
    await page().keyboard.press('Space');
    const before = await eventually(figures, (now) => now.length > 0);
    await page()
      .locator('.link')
      .getByText(/\+[1-9] s waiting/)
      .waitFor();
    expect(await figures()).toEqual(before);
    await page().keyboard.press('l');
    await eventually(figures, (now) => now.join() !== before.join());
  });

  it.each([
    ['ink', 1440],
    ['paper', 390],
  ])('can be read by everybody: lists in %s, %d px wide', async (theme, width) => {
    await page().setViewportSize({ width, height: 900 });
    await open(`/boards/lists?theme=${theme}`);
    await page().locator('[data-panel=latency] tbody tr').first().waitFor();
    const { violations } = await new AxeBuilder({ page: page() })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
      .analyze();
    expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual(
      [],
    );
    expect(await page().evaluate(() => document.querySelector('main')!.scrollWidth)).toBeLessThanOrEqual(
      width,
    );
  });
});

/** Returns how many pixels of the time axis, the strip at the bottom of a canvas, are not ground. */
function inkOfTimeAxis(selector: string): number {
  const canvas = document.querySelector<HTMLCanvasElement>(selector)!;
  const box = canvas.getBoundingClientRect();
  if (Math.round(box.height) !== canvas.height) return -1;
  const { data } = canvas.getContext('2d')!.getImageData(0, canvas.height - 16, canvas.width, 16);
  let pixels = 0;
  for (let i = 4; i < data.length; i += 4)
    if (data[i] !== data[0] || data[i + 1] !== data[1] || data[i + 2] !== data[2]) pixels++;
  return pixels;
}
