import { fileURLToPath } from 'node:url';
import type { Browser, Page } from '@playwright/test';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM, openBrowser } from '../../infra/e2e/chromium.ts';
import type { ProbeResult, probeStrip } from './strip-probe.ts';

const found = findChromium() !== null;
const PROBE = fileURLToPath(new URL('strip-probe.ts', import.meta.url));

describe.skipIf(!found)(`a scrolled strip${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await openBrowser();
    page = await browser.newPage();
    await page.addScriptTag({ content: await bundle() });
  });
  afterAll(async () => {
    await browser?.close();
  });

  it.each([
    ['line', 0.23, 1],
    ['line', 1, 1],
    ['line', 3.64, 1],
    ['line', 3.64, 2],
    ['line', 27.3, 1],
    ['bars', 10.92, 1],
    ['bars', 1.7, 2],
  ] as const)(
    'of %s with %d columns a window at ratio %d is the full drawing, pixel by pixel',
    async (kind, per, ratio) => {
      const result = await page.evaluate(
        ([k, p, r]) => (globalThis as unknown as { probeStrip: typeof probeStrip }).probeStrip(k, p, r, 7),
        [kind, per, ratio] as const,
      );
      expect(result satisfies ProbeResult).toMatchObject({ different: 0 });
      expect(result.drawn).toBeGreaterThan(100);
    },
  );
});

/** The probe as one script. */
async function bundle(): Promise<string> {
  const out = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, lib: { entry: PROBE, formats: ['iife'], name: 'probe' } },
  });
  const [first] = [out].flat();
  if (first === undefined || !('output' in first)) throw new Error('The probe was not built.');
  return first.output[0].code;
}
