import { describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM } from '../../tests/e2e/chromium.ts';
import { eventually } from '../../tests/testing/eventually.ts';
import { usePage } from './use-page.ts';

const found = findChromium() !== null;

describe.skipIf(!found)(`zooming on a board${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  const { page, open, address } = usePage();
  const textOf = async (selector: string): Promise<string> =>
    ((await page().locator(selector).textContent()) ?? '').trim();
  const panel = (id: string) => page().locator(`[data-panel=${id}]`);
  const shown = (): Promise<string> => textOf('.shown .name');
  const params = async (): Promise<URLSearchParams> => (await address()).searchParams;
  const lengthOf = (all: URLSearchParams): number =>
    Date.parse(all.get('to') ?? '') - Date.parse(all.get('from') ?? '');
  const conditions = (): Promise<string[]> =>
    page()
      .locator('[data-panel].line')
      .evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.condition ?? ''));

  /** Draws over a chart, in shares of its width. */
  async function drag(id: string, from: number, to: number): Promise<void> {
    await panel(id).locator('canvas').first().waitFor();
    await panel(id).scrollIntoViewIfNeeded();
    const box = (await panel(id).locator('.plot').boundingBox())!;
    const y = box.y + box.height / 2;
    await page().mouse.move(box.x + from * box.width, y);
    await page().mouse.down();
    await page().mouse.move(box.x + ((from + to) / 2) * box.width, y, { steps: 3 });
    await page().mouse.move(box.x + to * box.width, y, { steps: 3 });
    await panel(id).locator('.span').waitFor();
  }

  it.each([1440, 390])(
    'zooms all charts to what is drawn over, and back and forward, %d px wide',
    async (width) => {
      await page().setViewportSize({ width, height: 900 });
      await open('/boards/storefront');
      await drag('latency', 0.3, 0.5);
      const flag = (await panel('latency').locator('.span').textContent())!.trim();
      expect(flag).toMatch(/^\d\d:\d\d(:\d\d)?–\d\d:\d\d(:\d\d)?$/);
      await page().mouse.up();
      await page().locator('[data-link=history]').waitFor();
      const [from, to] = [(await params()).get('from'), (await params()).get('to')];
      expect(lengthOf(await params())).toBeGreaterThan(60_000);
      expect(lengthOf(await params())).toBeLessThan(400_000);
      expect(await shown()).toBe(flag);
      await eventually(conditions, (all) => all.every((one) => one === 'closed'));
      await page().goBack();
      await page().locator('[data-link=live]').waitFor();
      await eventually(conditions, (all) => all.every((one) => one === 'live'));
      await page().goForward();
      expect([(await params()).get('from'), (await params()).get('to')]).toEqual([from, to]);
      await eventually(conditions, (all) => all.every((one) => one === 'closed'));
      await page().locator('.ctl .live').click();
      await page().locator('[data-link=live]').waitFor();
      expect((await params()).get('from')).toBeNull();
      expect(await shown()).toBe('15 min');
    },
  );

  it('lets go of what is drawn over with Escape, and reads by a click as before', async () => {
    await open('/boards/storefront');
    await drag('latency', 0.3, 0.5);
    await page().keyboard.press('Escape');
    expect(await panel('latency').locator('.span').count()).toBe(0);
    await page().mouse.up();
    expect((await params()).get('from')).toBeNull();
    await page().locator('[data-link=live]').waitFor();
  });

  it('stands still where the range does, without a line of now', async () => {
    await open('/boards/storefront');
    await drag('latency', 0.2, 0.6);
    await page().mouse.up();
    await eventually(conditions, (all) => all.every((one) => one === 'closed'));
    await page().mouse.move(2, 2);
    const picture = (): Promise<string> =>
      page().evaluate(
        (selector) => document.querySelector<HTMLCanvasElement>(selector)!.toDataURL(),
        '[data-panel=latency] canvas',
      );
    const clock = (): Promise<string> => textOf('.clock');
    const nextSecond = async (): Promise<string> => {
      const then = await clock();
      await eventually(clock, (now) => now !== then);
      return picture();
    };
    // What was there before may still be drawn.
    const [first] = await eventually(
      async () => [await picture(), await nextSecond()],
      ([one, other]) => one === other,
    );
    expect(await nextSecond()).toBe(first);
    expect(await panel('latency').locator('header .age').count()).toBe(0);
  });

  it('zooms, moves and comes back by keys', async () => {
    await open('/boards/storefront');
    await page().keyboard.press('-');
    await eventually(shown, (text) => text === '1 h');
    await page().keyboard.press('+');
    await eventually(shown, (text) => text === '15 min');
    await page().keyboard.press('Shift+ArrowLeft');
    await page().locator('[data-link=history]').waitFor();
    expect(lengthOf(await params())).toBe(900_000);
    const begin = Date.parse((await params()).get('from')!);
    await page().keyboard.press('+');
    await eventually(
      async () => lengthOf(await params()),
      (length) => length === 450_000,
    );
    expect(Date.parse((await params()).get('from')!)).toBe(begin + 225_000);
    await page().keyboard.press('-');
    await eventually(
      async () => lengthOf(await params()),
      (length) => length === 900_000,
    );
    await page().keyboard.press('Shift+ArrowRight');
    await page().locator('[data-link=live]').waitFor();
    expect(await shown()).toBe('15 min');
    for (const key of ['Escape', '0', 'l', 'Space']) {
      await page().keyboard.press('Shift+ArrowLeft');
      await page().locator('[data-link=history]').waitFor();
      await page().keyboard.press(key);
      await page().locator('[data-link=live]').waitFor();
    }
  });

  it('zooms by a key around the time that is read', async () => {
    await open('/boards/storefront');
    await panel('latency').locator('canvas').first().waitFor();
    await page().focus('[data-panel=latency]');
    await page().keyboard.press('Enter');
    for (let i = 0; i < 3; i++) await page().keyboard.press('Shift+ArrowLeft');
    await page().keyboard.press('+');
    await page().locator('[data-link=history]').waitFor();
    expect(lengthOf(await params())).toBe(450_000);
    const read = Date.now() - 310_000;
    expect(Date.parse((await params()).get('from')!)).toBeLessThan(read);
    expect(Date.parse((await params()).get('to')!)).toBeGreaterThan(read);
  });
});
