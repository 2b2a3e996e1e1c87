import type { Locator } from '@playwright/test';
import { describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM } from '../../tests/e2e/chromium.ts';
import { eventually } from '../../tests/testing/eventually.ts';
import { usePage } from './use-page.ts';

const found = findChromium() !== null;
const LONG = 'Revenue of all channels in every country, before tax and after returns, by the hour';

describe.skipIf(!found)(`charts on the page${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  const { page, open } = usePage();
  const panel = (id: string): Locator => page().locator(`[data-panel=${id}]`);

  it('have the same colours in every load', async () => {
    const load = async (): Promise<Record<string, number[]>> => {
      await open('/boards/shapes');
      await page().locator('[data-panel=revenue-stack-area] canvas').first().waitFor();
      const read = (): Promise<Record<string, number[]>> =>
        page().evaluate(colorsOfLabels, ['revenue-stack-area', 'revenue-stack-bars', 'plain-area']);
      return eventually(read, (all) => Object.values(all).every((colors) => colors.length > 1));
    };
    const first = await load();
    expect(first['revenue-stack-area']).toHaveLength(4);
    // Channels are channels, whatever is counted of them.
    expect(first['revenue-stack-bars']).toEqual(first['revenue-stack-area']);
    for (const color of first['plain-area']!) expect(first['revenue-stack-area']).toContain(color);
    expect(await load()).toEqual(first);
  });

  it.each([1_440, 1_024, 390])(
    'cut no unit and no tag, however long the title, %d px wide',
    async (width) => {
      await page().setViewportSize({ width, height: 900 });
      await open('/boards/storefront');
      await panel('latency').locator('canvas').first().waitFor();
      for (const title of [null, LONG]) {
        if (title !== null)
          await page().evaluate((text) => {
            for (const heading of document.querySelectorAll('[data-panel] h2')) heading.textContent = text;
          }, title);
        for (const reads of [false, true]) {
          if (reads) {
            const box = (await panel('latency').locator('canvas').first().boundingBox())!;
            await page().mouse.move(box.x + box.width / 3, box.y + box.height / 2);
            await panel('latency').locator('.read').waitFor({ state: 'attached' });
          }
          expect(await page().evaluate(cutInHeaders)).toEqual([]);
        }
      }
      expect(await panel('latency').locator('header .first').textContent()).toBe('ms');
    },
  );

  it('stand still, whatever labels and figures come and go beside them', async () => {
    await open('/boards/shapes');
    const ids = ['many', 'revenue-stack-area', 'constant', 'plain-bars'];
    const edges = (): Promise<(number | null)[]> => page().evaluate(edgesOfPlots, ids);
    const before = await eventually(edges, (all) => all.every((x) => x !== null));
    const windows = (): Promise<string | null> => panel('many').locator('header .unit').textContent();
    let shown = await windows();
    for (const range of ['4', '7']) {
      await page().keyboard.press(range);
      shown = await eventually(windows, (words) => words !== shown);
      const after = await eventually(edges, (all) => all.every((x) => x !== null));
      expect(after).toEqual(before);
    }
  });

  it('are read by a tap, until the next tap there or elsewhere', async () => {
    await page().setViewportSize({ width: 390, height: 844 });
    await open('/boards/storefront');
    const plot = panel('latency').locator('.plot');
    await plot.scrollIntoViewIfNeeded();
    await panel('latency').locator('canvas').first().waitFor();
    const touch = await page().context().newCDPSession(page());
    await touch.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 1 });
    const tap = async (x: number, y: number): Promise<void> => {
      await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
      await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    };
    const readings = (): Promise<number> => panel('latency').locator('.read').count();
    const box = (await plot.boundingBox())!;
    const [x, y] = [box.x + box.width / 3, box.y + box.height / 2];
    await tap(x, y);
    await eventually(readings, (n) => n === 1);
    await tap(x, y);
    await eventually(readings, (n) => n === 0);
    await tap(x, y);
    await eventually(readings, (n) => n === 1);
    const title = (await panel('latency').locator('h2').boundingBox())!;
    await tap(title.x + 5, title.y + 5);
    await eventually(readings, (n) => n === 0);
  });

  it('names and values of the tail have inks of their own, and a line where there is room for no pair', async () => {
    await page().setViewportSize({ width: 1_024, height: 900 });
    await open('/boards/storefront');
    const row = panel('tail').locator('li:not(.bad) .text').first();
    await row.locator('.key').first().waitFor();
    const [key, value, width] = await row.evaluate((text) => [
      getComputedStyle(text.querySelector('.key')!).color,
      getComputedStyle(text.querySelector('bdi')!).color,
      text.getBoundingClientRect().width,
    ]);
    expect(key).not.toBe(value);
    expect(width).toBeGreaterThan(200);
  });

  it('are stronger than their grid in forced colours, and lists keep their bars', async () => {
    await page().emulateMedia({ forcedColors: 'active' });
    await open('/boards/lists');
    const row = panel('top-pages').locator('tbody tr').first();
    await row.waitFor();
    expect(await row.evaluate((tr) => getComputedStyle(tr).backgroundImage)).toContain('gradient');
    const contrast = await page().evaluate(contrastOfTokens, ['grid', 'grid-rule', 's1', 'ink-2']);
    expect(contrast.grid).toBeGreaterThan(0);
    expect(contrast.grid! * 2).toBeLessThan(contrast.s1!);
    expect(contrast['grid-rule']!).toBeLessThan(contrast.s1!);
  });

  it('a telephone keeps signs whole, wraps titles closely, and covers and cuts no command', async () => {
    await page().setViewportSize({ width: 390, height: 844 });
    await open('/boards/refunds');
    await page().evaluate((text) => (document.querySelector('h1')!.textContent = text), LONG);
    const mark = page().locator('.topbar svg').first();
    expect(await mark.evaluate((svg) => svg.getBoundingClientRect().width)).toBe(24);
    const command = page().locator('.command').first();
    await command.waitFor();
    const [over, cut] = await command.evaluate((block) => {
      const copy = block.querySelector('button')!.getBoundingClientRect();
      const range = document.createRange();
      range.selectNodeContents(block.querySelector('code')!);
      const lines = [...range.getClientRects()];
      const right = block.getBoundingClientRect().right;
      return [
        lines.some(
          (l) => l.right > copy.left && l.left < copy.right && l.bottom > copy.top && l.top < copy.bottom,
        ),
        lines.some((l) => l.right > right),
      ];
    });
    expect([over, cut]).toEqual([false, false]);
  });
});

/** Runs in the page: which colours of series the labels right of each plot are joined by, ascending. */
function colorsOfLabels(panels: string[]): Record<string, number[]> {
  const probe = document.createElement('canvas').getContext('2d')!;
  const style = getComputedStyle(document.documentElement);
  const series = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => {
    probe.fillStyle = style.getPropertyValue(`--s${n}`).trim();
    probe.fillRect(0, 0, 1, 1);
    return [...probe.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  });
  return Object.fromEntries(
    panels.map((id) => {
      const canvas = document.querySelector<HTMLCanvasElement>(`[data-panel=${id}] canvas`)!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      const counts = new Array<number>(8).fill(0);
      for (let i = 0; i < data.length; i += 4)
        series.forEach(([r, g, b], n) => {
          if (data[i] === r && data[i + 1] === g && data[i + 2] === b) counts[n]!++;
        });
      return [id, counts.flatMap((count, n) => (count >= 5 ? [n + 1] : []))];
    }),
  );
}

/** Runs in the page: the x of the now line of each plot, the one column that goes on over most of the canvas; null where there is none. */
function edgesOfPlots(panels: string[]): (number | null)[] {
  return panels.map((id) => {
    const canvas = document.querySelector<HTMLCanvasElement>(`[data-panel=${id}] canvas`);
    if (canvas === null || canvas.width < 16) return null;
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
    const at = (x: number, y: number): number =>
      (data[4 * (y * width + x)]! << 8) + data[4 * (y * width + x) + 2]!;
    const ground = at(width - 1, height - 1);
    for (let x = width - 1; x > 0; x--) {
      // The most that one ink of a column comes to: joints and names interrupt the line.
      const inks = new Map<number, number>();
      for (let y = 0; y < height; y++) inks.set(at(x, y), (inks.get(at(x, y)) ?? 0) + 1);
      inks.delete(ground);
      if (Math.max(0, ...inks.values()) > height / 2) return x;
    }
    return null;
  });
}

/** Runs in the page: what of a header is to be seen in part, or lies over something else of it. */
function cutInHeaders(): string[] {
  const faults: string[] = [];
  for (const header of document.querySelectorAll<HTMLElement>('[data-panel] header')) {
    const id = header.closest<HTMLElement>('[data-panel]')!.dataset.panel!;
    const frame = header.getBoundingClientRect();
    for (const part of header.querySelectorAll<HTMLElement>('.first, .rest > span, .tag, .age')) {
      const box = part.getBoundingClientRect();
      if (box.width === 0) continue;
      const clip = (part.closest('.rest') ?? part.closest('.more') ?? header).getBoundingClientRect();
      const hidden = box.top >= clip.bottom - 1;
      const whole = box.left >= clip.left - 1 && box.right <= clip.right + 1 && box.right <= frame.right + 1;
      if (!hidden && !whole) faults.push(`${id}: ${part.textContent}`);
    }
  }
  return faults;
}

/** Runs in the page: how far the colours that canvases draw with are from the ground, 0 to 1. */
function contrastOfTokens(names: string[]): Record<string, number> {
  const probe = document.createElement('canvas').getContext('2d')!;
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): number[] => {
    probe.fillStyle = style.getPropertyValue(`--${name}`).trim();
    probe.fillRect(0, 0, 1, 1);
    return [...probe.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  };
  const ground = read('ground');
  const far = (color: number[]): number =>
    color.reduce((sum, c, i) => sum + Math.abs(c - ground[i]!), 0) / 765;
  return Object.fromEntries(names.map((name) => [name, far(read(name))]));
}
