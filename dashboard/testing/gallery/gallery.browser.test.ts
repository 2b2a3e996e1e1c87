import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from '@playwright/test';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM, openBrowser } from '../../../tests/e2e/chromium.ts';
import { comparePictures, SAME } from './picture.ts';
import { checkReferences, writeReferences } from './references.ts';
import { type Sheet, takePictures } from './take-pictures.ts';

const found = findChromium() !== null;
const CONFIG = fileURLToPath(new URL('./vite.config.ts', import.meta.url));
/** `npm run gallery` sets it: the pictures are kept as they are now, for people to look at before they are committed. */
const RENEW = process.env.RENEW_GALLERY !== undefined;
const WIDE = { width: 1440, ratio: 1 };
const ONE_OF_EACH = [
  'stat-up-and-bad',
  'line-live',
  'line-stale',
  'area-stacked',
  'bars-live',
  'top-live',
  'table-live',
  'tail-live',
];
/** What the names and values right of a plot take of its width, pixels. */
const LABELS = 60;

const SHEETS: [name: string, sheet: Sheet][] = [
  ['ink', { theme: 'ink', ...WIDE }],
  ['paper', { theme: 'paper', ...WIDE }],
  ['ink-dense', { theme: 'ink', width: 1440, ratio: 2, only: ONE_OF_EACH }],
  ['paper-phone', { theme: 'paper', width: 390, ratio: 1, only: ONE_OF_EACH }],
];

describe.skipIf(!found)(`the gallery${found ? '' : ` (${NO_CHROMIUM})`}`, () => {
  let folder: string;
  let browser: Browser;
  const take = (sheet: Sheet) => takePictures(browser, folder, sheet);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-gallery-'));
    await build({ configFile: CONFIG, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
    // Letters in greys: which colours their edges have otherwise depends on the screen that the machine believes to have.
    browser = await openBrowser(['--disable-lcd-text', '--font-render-hinting=none']);
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it.each(SHEETS)('looks as it is kept, panel by panel: %s', async (name, sheet) => {
    const pictures = await take(sheet);
    expect(pictures.size).toBeGreaterThan(0);
    if (RENEW) await writeReferences(name, pictures);
    else expect(await checkReferences(name, pictures)).toEqual([]);
  });

  const few: Sheet = { theme: 'ink', ...WIDE, only: ONE_OF_EACH };
  let usual: ReturnType<typeof take> | null = null;
  const takeUsual = () => (usual ??= take(few));
  const differenceOf = async (id: string, pictures: Awaited<ReturnType<typeof take>>): Promise<number> =>
    comparePictures(pictures.get(id)!, (await takeUsual()).get(id)!).different;

  it('is the same byte by byte whenever it is loaded', async () => {
    const again = await take(few);
    for (const [id, picture] of await takeUsual())
      expect(picture.data.equals(again.get(id)!.data), id).toBe(true);
  });

  it('reports data of another moment', async () => {
    const pictures = await take({ ...few, later: 20_000 });
    for (const id of ONE_OF_EACH) expect(await differenceOf(id, pictures), id).toBeGreaterThan(SAME);
  });

  it('reports another colour, a word one pixel lower, and a plot two pixels narrower', async () => {
    const css = `
      :root { --s1: var(--s4) !important; }
      [data-scene=top-live] h2 { translate: 0 1px; }
      [data-scene=bars-live] .body { margin-right: 2px; }`;
    const pictures = await take({ ...few, css });
    for (const id of ['line-live', 'top-live', 'bars-live'])
      expect(await differenceOf(id, pictures), id).toBeGreaterThan(SAME);
    expect(await differenceOf('table-live', pictures)).toBe(0);
  });

  it('reports a label of the canvas that moved by a pixel', async () => {
    const picture = (await takeUsual()).get('line-live')!;
    const { width, height, data } = picture;
    const moved = Buffer.from(data);
    const [from, row] = [4 * (width - LABELS), 4 * width];
    for (let y = 1; y < height; y++) data.copy(moved, y * row + from, (y - 1) * row + from, y * row);
    expect(comparePictures({ width, height, data: moved }, picture).different).toBeGreaterThan(SAME);
  });
});
