import { fileURLToPath } from 'node:url';
import type { Browser, Page } from '@playwright/test';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM, openBrowser } from '../../tests/e2e/chromium.ts';
import type { ChartKind } from '../src/charts/trace/trace.ts';
import type { probeNumbers } from './numbers-probe.ts';
import type { probePlot } from './strip-plot-probe.ts';
import type { ProbeResult, probeStrip } from './strip-probe.ts';

const found = findChromium() !== null;
/** Rows of an eighth of the plot, less a stroke. */
const SIZE_OF_EIGHTH = 16;
const PROBES = ['strip-probe.ts', 'strip-plot-probe.ts', 'numbers-probe.ts'];

describe.skipIf(!found)(`a scrolled strip${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await openBrowser();
    page = await browser.newPage();
    for (const probe of PROBES) await page.addScriptTag({ content: await bundle(probe) });
  });
  afterAll(async () => {
    await browser?.close();
  });

  it.each([
    ['line', 0.23, 1],
    ['line', 1, 1],
    ['line', 3.64, 1],
    ['line', 3.64, 2],
    // Redrawn in another scale, lines as steep as these differ in single pixels by how the browser rounds their edges.
    ['line unscaled', 27.3, 1],
    ['area', 0.23, 1],
    ['area', 3.64, 1],
    ['area', 3.64, 2],
    ['area stacked', 0.23, 1],
    ['area stacked', 0.23, 2],
    ['area stacked', 1, 1],
    ['area stacked', 3.64, 1],
    ['area stacked', 27.3, 2],
    ['area stacked zero', 3.64, 1],
    ['area stacked zero', 3.64, 2],
    ['bars', 10.92, 1],
    ['bars', 1.7, 2],
    ['bars stacked', 10.92, 1],
    ['bars stacked zero', 1.7, 2],
  ] as const)(
    'of %s with %d columns a window at ratio %d is the full drawing, pixel by pixel',
    async (what, perWindow, ratio) => {
      const [kind, ...words] = what.split(' ') as [ChartKind, ...string[]];
      const request = {
        kind,
        stacked: words.includes('stacked'),
        zero: words.includes('zero'),
        rescaled: !words.includes('unscaled'),
        perWindow,
        ratio,
        seed: 7,
      };
      const result = await page.evaluate(
        (r) => (globalThis as unknown as { probeStrip: typeof probeStrip }).probeStrip(r),
        request,
      );
      expect(result satisfies ProbeResult).toMatchObject({ different: 0 });
      expect(result.drawn).toBeGreaterThan(100);
    },
  );

  it.each(['line', 'area', 'area stacked', 'bars', 'bars stacked'])(
    'of %s in a plot is the full drawing after a resize, another theme or ratio, and a larger scale',
    async (what) => {
      const [kind, word] = what.split(' ') as [ChartKind, string?];
      const request = { kind, stacked: word === 'stacked' };
      const result = await page.evaluate(
        (r) => (globalThis as unknown as { probePlot: typeof probePlot }).probePlot(r),
        request,
      );
      expect(result).toEqual({ tick: 0, resize: 0, theme: 0, ratio: 0, grow: 0, late: 0 });
    },
  );

  it.each([
    [0, 5e-324],
    [-Number.MAX_VALUE, Number.MAX_VALUE],
    [0, Number.MAX_VALUE],
    [1e15, 1e15 + 2],
    [1795428063000, 1795428063009],
    [1, 1 + 1e-13],
    [-1e-310, 1e-310],
    [3, 300],
  ])('has room for values from %d to %d in every kind of plot', async (low, high) => {
    for (const kind of ['line', 'area', 'bars'] as const) {
      const rows = await page.evaluate(
        (r) => (globalThis as unknown as { probeNumbers: typeof probeNumbers }).probeNumbers(r),
        { kind, low, high },
      );
      // Areas and bars stand on zero: values that are close to each other and far from it leave a line, or the cap of a bar.
      const fills = kind === 'line' || (kind === 'area' && (low <= 0 || high > 2 * low));
      // The least extent that a scale has is eight neighbouring doubles.
      expect(rows, kind).toBeGreaterThanOrEqual(fills ? SIZE_OF_EIGHTH : 1);
    }
  });
});

/** A probe as one script. */
async function bundle(probe: string): Promise<string> {
  const entry = fileURLToPath(new URL(probe, import.meta.url));
  const out = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'probe' } },
  });
  const [first] = [out].flat();
  if (first === undefined || !('output' in first)) throw new Error('The probe was not built.');
  return first.output[0].code;
}
