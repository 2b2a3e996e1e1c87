import type { CDPSession } from '@playwright/test';
import { describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM } from '../../tests/e2e/chromium.ts';
import { eventually } from '../../tests/testing/eventually.ts';
import { usePage } from './use-page.ts';

const found = findChromium() !== null;

/** A finger on the glass, CSS pixels; its number is the same while it stays there. */
interface Finger {
  id: number;
  x: number;
  y: number;
}

describe.skipIf(!found)(`two fingers on a chart${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  const { page, open, address } = usePage();
  const panel = (id: string) => page().locator(`[data-panel=${id}]`);
  const params = async (): Promise<URLSearchParams> => (await address()).searchParams;
  const isReading = (): Promise<boolean> =>
    panel('latency')
      .locator('header .read')
      .count()
      .then((n) => n > 0);

  /** Opens the board on a phone; `at` gives a place by its share of the chart's width, and CSS pixels below its middle. */
  async function begin(): Promise<{
    touch: CDPSession;
    at(id: number, share: number, down?: number): Finger;
  }> {
    await page().setViewportSize({ width: 390, height: 844 });
    await open('/boards/storefront');
    await panel('latency').locator('canvas').first().waitFor();
    await panel('latency').scrollIntoViewIfNeeded();
    const touch = await page().context().newCDPSession(page());
    await touch.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 5 });
    const box = (await panel('latency').locator('.plot').boundingBox())!;
    return {
      touch,
      at: (id, share, down = 0) => ({ id, x: box.x + share * box.width, y: box.y + box.height / 2 + down }),
    };
  }

  /** Waits until the moves so far have reached the page: it gets one in each of its frames. */
  const drawn = (): Promise<unknown> =>
    page().evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );

  /** A start has all fingers, a move those that move, an end those that are lifted: none for all. */
  const send = (
    touch: CDPSession,
    type: 'touchStart' | 'touchMove' | 'touchEnd',
    ...touchPoints: Finger[]
  ): Promise<void> => touch.send('Input.dispatchTouchEvent', { type, touchPoints }).then(() => {});

  it('choose the time between them, which is zoomed to when the first is lifted', async () => {
    const { touch, at } = await begin();
    await send(touch, 'touchStart', at(1, 0.35));
    await send(touch, 'touchStart', at(1, 0.35), at(2, 0.4));
    for (const step of [0.42, 0.46, 0.5, 0.55])
      await send(touch, 'touchMove', at(1, 0.75 - step), at(2, step));
    await drawn();
    const flag = (await panel('latency').locator('.span').textContent())!.trim();
    expect(flag).toMatch(/^\d\d:\d\d(:\d\d)?–\d\d:\d\d(:\d\d)?$/);
    await send(touch, 'touchEnd', at(1, 0.2));
    await page().locator('[data-link=history]').waitFor();
    const zoomed = (await params()).get('from');
    const length = Date.parse((await params()).get('to')!) - Date.parse(zoomed!);
    expect(length).toBeGreaterThan(120_000);
    expect(length).toBeLessThan(900_000);
    expect((await page().locator('.shown .name').textContent())!.trim()).toBe(flag);
    // The other finger is only lifted: it neither chooses nor reads, wherever it moves before.
    for (const share of [0.6, 0.65, 0.7]) await send(touch, 'touchMove', at(2, share));
    await drawn();
    expect(await isReading()).toBe(false);
    await send(touch, 'touchEnd');
    await eventually(isReading, (reading) => !reading);
    expect((await params()).get('from')).toBe(zoomed);
  });

  it('let go where the page scrolls under them, and one finger reads as before', async () => {
    const { touch, at } = await begin();
    await send(touch, 'touchStart', at(1, 0.3));
    await send(touch, 'touchStart', at(1, 0.3), at(2, 0.5));
    await send(touch, 'touchMove', at(1, 0.3), at(2, 0.55));
    await panel('latency').locator('.span').waitFor();
    await touch.send('Input.dispatchTouchEvent', { type: 'touchCancel', touchPoints: [] });
    await panel('latency').locator('.span').waitFor({ state: 'detached' });
    expect((await params()).get('from')).toBeNull();
    await send(touch, 'touchStart', at(3, 0.3));
    for (const share of [0.33, 0.38, 0.45, 0.5]) await send(touch, 'touchMove', at(3, share));
    await eventually(isReading, (reading) => reading);
    expect(await panel('latency').locator('.span').count()).toBe(0);
    await send(touch, 'touchEnd');
    expect((await params()).get('from')).toBeNull();
  });

  it('do not zoom the page itself', async () => {
    const { touch, at } = await begin();
    await send(touch, 'touchStart', at(1, 0.4), at(2, 0.5));
    for (const by of [0.05, 0.1, 0.2]) await send(touch, 'touchMove', at(1, 0.4 - by), at(2, 0.5 + by));
    expect(await page().evaluate(() => visualViewport?.scale)).toBe(1);
    await send(touch, 'touchEnd');
    await page().locator('[data-link=history]').waitFor();
  });
});
