import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM } from '../../tests/e2e/chromium.ts';
import { eventually } from '../../tests/testing/eventually.ts';
import { usePage } from './use-page.ts';

const found = findChromium() !== null;

describe.skipIf(!found)(`the ranges of a board${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  const { page, open, address } = usePage();
  const textOf = async (selector: string): Promise<string> =>
    ((await page().locator(selector).textContent()) ?? '').trim();
  const panel = (id: string) => page().locator(`[data-panel=${id}]`);
  const shown = (): Promise<string> => textOf('.shown .name');
  const params = async (): Promise<URLSearchParams> => (await address()).searchParams;
  const lengthOf = (all: URLSearchParams): number =>
    Date.parse(all.get('to') ?? '') - Date.parse(all.get('from') ?? '');
  it.each([
    ['ink', 1440],
    ['paper', 390],
  ])(
    'takes a range that is written, and says why it cannot read another: %s, %d px',
    async (theme, width) => {
      await page().setViewportSize({ width, height: 900 });
      await open(`/boards/storefront?theme=${theme}`);
      await page().keyboard.press('r');
      const field = page().getByLabel('Write a range');
      await field.fill('teatime');
      await page().keyboard.press('Enter');
      await page().getByText('“teatime” is no range. Write “last 3 days”').waitFor();
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      const { violations } = await new AxeBuilder({ page: page() })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
        .analyze();
      expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual(
        [],
      );
      expect(await page().evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await field.fill('yesterday 14:00 – 14:30');
      await page()
        .getByText(/shows \d+ \w+ 14:00–14:30/)
        .waitFor();
      await page().keyboard.press('Enter');
      await page().locator('[data-link=history]').waitFor();
      expect(lengthOf(await params())).toBe(1_800_000);
      expect(await shown()).toMatch(/^\d+ \w+ 14:00–14:30$/);
      // The button has the focus again.
      await page().keyboard.press('Enter');
      await page().getByLabel('Write a range').fill('last 3 days');
      await page().keyboard.press('Enter');
      await eventually(shown, (text) => text === '3 d');
      expect((await params()).get('range')).toBe('3d');
    },
  );

  it('offers ranges up to a year and the periods of the calendar, by arrows too', async () => {
    await open('/boards/storefront');
    await page().getByRole('button', { name: 'Range: 15 min' }).click();
    await page().getByRole('button', { name: '1 y', exact: true }).click();
    await eventually(shown, (text) => text === '1 y');
    await eventually(
      () => textOf('[data-panel=latency] header .unit'),
      (text) => /ms · \d+ d/.test(text),
    );
    await page().keyboard.press('r');
    await page().keyboard.press('ArrowUp');
    await page().keyboard.press('ArrowUp');
    await page().keyboard.press('ArrowUp');
    await page().keyboard.press('Enter');
    await eventually(shown, (text) => text === 'this week');
    expect((await params()).get('range')).toBe('this-week');
    await page().reload();
    await eventually(shown, (text) => text === 'this week');
    await panel('orders').locator('.delta').getByText('vs last week').waitFor();
    await page().keyboard.press('r');
    await page().keyboard.press('Escape');
    expect(await page().getByRole('dialog', { name: 'Range' }).count()).toBe(0);
  });

  it('shows by a link to a moment what was there then, and goes on from now when asked to', async () => {
    const then = new Date(Math.floor(Date.now() / 1_000) * 1_000 - 7_200_000);
    await open(`/boards/storefront?paused=${then.toISOString()}`);
    await page().locator('[data-link=paused]').waitFor();
    const figure = panel('orders').locator('[data-figure]');
    await figure.waitFor();
    // About 35 orders in each of 90 windows.
    expect(Number(await figure.getAttribute('data-figure'))).toBeGreaterThan(2_000);
    const tooltip = await panel('orders').locator('.delta [role=tooltip]').textContent();
    const clock = (time: Date): string => time.toTimeString().slice(0, 8);
    // With its date, where that is another day.
    expect(tooltip).toMatch(new RegExp(`to (\\d+ \\w+ )?${clock(then)}:`));
    await page().locator('.ctl').getByRole('button', { name: 'Back to live' }).click();
    await page().locator('[data-link=live]').waitFor();
    await eventually(
      () => panel('orders').locator('.delta [role=tooltip]').textContent(),
      (text) => !text?.includes(clock(then)),
    );
  });

  it('has the figure, the difference and the label of a tile of one range, and changes them together', async () => {
    await open('/boards/storefront?fake=slow');
    await page().evaluate(watchTile, 'orders');
    await panel('orders').locator('[data-figure]').waitFor();
    await page().keyboard.press('4');
    await panel('orders').locator('.delta').getByText('vs prev 1 h').waitFor();
    const all = await page().evaluate(() => (window as unknown as { __tiles: Tile[] }).__tiles);
    const of = (span: string): Tile[] => all.filter((tile) => tile.span === span);
    // Where the tile says that it is loading, that is in the place of the range.
    expect(of('15 min').length + of('1 h').length + of('').length).toBe(all.length);
    expect(of('15 min').every(({ reference }) => reference === 'vs prev 15 min')).toBe(true);
    expect(of('1 h').every(({ reference }) => reference === 'vs prev 1 h')).toBe(true);
    expect(Math.min(...of('1 h').map((tile) => tile.figure))).toBeGreaterThan(
      Math.max(...of('15 min').map((tile) => tile.figure)) * 2,
    );
  });

  it('compares fairly: zero with zero, and with nothing before history begins', async () => {
    await open('/boards/ranges');
    await panel('zero').locator('.delta').getByText('0 %').waitFor();
    await open('/boards/ranges?fake=begins');
    await panel('orders')
      .locator('.delta')
      .getByText(/^began \d\d:\d\d:\d\d$/)
      .waitFor();
    expect(await page().locator('main').textContent()).not.toMatch(/Infinity|NaN|−100/);
  });

  it('draws no zero before history begins', async () => {
    await open('/boards/ranges?fake=begins&table=orders-since');
    const rows = panel('orders-since').locator('tbody tr');
    await rows.first().waitFor();
    const values = await rows.locator('td').allTextContents();
    const begun = values.indexOf('–');
    expect(begun).toBeGreaterThan(10);
    expect(values.slice(0, begun).every((value) => Number(value) > 0)).toBe(true);
    expect(values.slice(begun).every((value) => value === '–')).toBe(true);
  });

  it('has the windows of a calendar at their places, in the time of the reader', async () => {
    await open('/boards/ranges?table=orders-a-day&table=revenue-a-month');
    const times = async (id: string): Promise<string[]> => {
      await panel(id).locator('tbody tr').first().waitFor();
      return panel(id).locator('tbody time').allTextContents();
    };
    expect((await times('orders-a-day')).every((time) => /\d+ \w+ 00:00:00$|^00:00:00$/.test(time))).toBe(
      true,
    );
    expect((await times('revenue-a-month')).every((time) => /^1 \w+ 00:00:00$/.test(time))).toBe(true);
    expect(await textOf('[data-panel=revenue-a-month] header .unit')).toContain('month');
    expect(await textOf('[data-panel=users-of-5-min] header .unit')).toContain('5 min every 1 min');
  });

  it('says of a time that is over that nothing came in it, and teaches nothing', async () => {
    await open('/boards/refunds?fake=begins&from=2026-01-05T10:00:00Z&to=2026-01-05T11:00:00Z');
    await panel('refunds').getByText('No event that this panel counts came in').waitFor();
    expect(await panel('refunds').locator('header').textContent()).toContain('no events');
    expect(await panel('refunds').locator('header').textContent()).not.toContain('yet');
    expect(await panel('refunds').getByText('curl').count()).toBe(0);
  });
});

interface Tile {
  span: string;
  figure: number;
  reference: string;
}

/** Keeps, for every frame in which a tile shows a figure, what it says. */
function watchTile(id: string): void {
  const tile = document.querySelector(`[data-panel=${id}]`)!;
  const seen: Tile[] = [];
  Object.defineProperty(window, '__tiles', { value: seen });
  const look = (): void => {
    const figure = tile.querySelector('[data-figure]')?.getAttribute('data-figure');
    const reference = tile.querySelector('.delta .ref')?.textContent?.trim();
    const span = tile.querySelector('header .unit')?.textContent?.trim() ?? '';
    if (figure && reference) seen.push({ span, figure: Number(figure), reference });
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
