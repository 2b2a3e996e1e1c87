import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM } from '../../tests/e2e/chromium.ts';
import { eventually } from '../../tests/testing/eventually.ts';
import { usePage } from './use-page.ts';

const found = findChromium() !== null;

describe.skipIf(!found)(`a printed board${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  const { page, open } = usePage();
  const openBoard = async (): Promise<void> => {
    await open('/boards/storefront?theme=ink');
    await page().locator('[data-panel=latency] canvas').first().waitFor();
    await page().locator('[data-panel=latency] header .age').waitFor();
  };

  it.each([
    ['A4', false],
    ['A4', true],
    ['Letter', false],
  ] as const)('has every chart on %s, lying: %s', async (format, landscape) => {
    await openBoard();
    const plots = await page().locator('.plot:not(.spark)').count();
    expect(plots).toBeGreaterThan(2);
    const pdf = await page().pdf({ format, landscape });
    const drawn = imagesOf(pdf).filter(({ colors }) => colors > 2);
    expect(drawn.length).toBeGreaterThanOrEqual(plots);
  });

  it.each([
    [794, 1_123],
    [1_123, 794],
  ])(
    'on paper of %d by %d px has light colours, no controls, and lists with their bars',
    async (width, height) => {
      await openBoard();
      await page().emulateMedia({ media: 'print' });
      await page().setViewportSize({ width, height });
      // As fine as paper is, and of its size.
      const sizes = (): Promise<boolean[]> =>
        page()
          .locator('.plot:not(.spark)')
          .evaluateAll((plots) =>
            plots.map((plot) => plot.querySelector('canvas')!.width === plot.clientWidth * 2),
          );
      await eventually(sizes, (fit) => fit.length > 0 && fit.every(Boolean));
      const shown = await page()
        .locator('button, nav, footer, a:not(h2 a)')
        .evaluateAll((all) => all.flatMap((one) => (one.checkVisibility() ? [one.outerHTML] : [])));
      // What explains a word is a button on the screen, and its word on paper; a title leads to Explore, and is a title.
      expect(shown.filter((html) => !html.includes('aria-describedby'))).toEqual([]);
      expect(await page().locator('.printed').textContent()).toMatch(
        /^last 15 min, to \d+ \w+ \d{4} [\d:]{8}$/,
      );
      // It is cleared with every drawing, and on paper that clears what lies under it.
      expect(await page().locator('canvas.over').first().isVisible()).toBe(false);
      const [ground, adjust, outside] = await page().evaluate((edge) => {
        const style = getComputedStyle(document.body);
        const panels = [...document.querySelectorAll('[data-panel]')].map((one) =>
          one.getBoundingClientRect(),
        );
        return [
          style.backgroundColor,
          style.getPropertyValue('print-color-adjust'),
          panels.filter((box) => box.left < 0 || box.right > edge || box.height < 80).length,
        ];
      }, width);
      expect([ground, adjust, outside]).toEqual(['rgb(255, 255, 255)', 'exact', 0]);
    },
  );
});

/** The pictures in a document, with how many colours each has. */
function imagesOf(pdf: Buffer): { colors: number }[] {
  const text = pdf.toString('latin1');
  const objects = text.matchAll(/\d+ 0 obj\s*<<((?:(?!endobj).)*?)>>\s*stream\r?\n/gs);
  return [...objects].flatMap((object) => {
    const [whole, about] = object as unknown as [string, string];
    if (!/\/Subtype \/Image/.test(about) || /DeviceGray/.test(about)) return [];
    const from = object.index + whole.length;
    const length = Number(/\/Length (\d+)/.exec(about)![1]);
    const bytes = inflateSync(pdf.subarray(from, from + length));
    const colors = new Set<number>();
    for (let i = 0; i + 2 < bytes.length; i += 3)
      colors.add((bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!);
    return [{ colors: colors.size }];
  });
}
