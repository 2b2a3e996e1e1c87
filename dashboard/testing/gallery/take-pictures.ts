import type { Browser } from '@playwright/test';
import { ORIGIN, serveFolder } from '../serve-folder.ts';
import { type Box, cropPicture, decodePicture, type Picture } from './picture.ts';

/** One way to look at the gallery. */
export interface Sheet {
  theme: 'ink' | 'paper';
  /** CSS pixels. */
  width: number;
  /** Device pixels per CSS pixel. */
  ratio: number;
  /** Ids of the scenes to show; all by default. */
  only?: readonly string[];
  /** See freeze.ts. */
  later?: number;
  /** Rules that are added to the page's own. */
  css?: string;
}

/** Taller than the gallery, so that one picture holds all of it and every chart is in sight; each frame of it costs. */
const HEIGHT = { all: 5_600, some: 2_600 };

/** The picture of every scene by its id, cut out of one picture of the built page in `folder`. */
export async function takePictures(
  browser: Browser,
  folder: string,
  { theme, width, ratio, only, later = 0, css = '' }: Sheet,
): Promise<Map<string, Picture>> {
  const page = await browser.newPage({
    viewport: { width, height: only === undefined ? HEIGHT.all : HEIGHT.some },
    deviceScaleFactor: ratio,
    timezoneId: 'UTC',
    locale: 'en-GB',
  });
  try {
    const broken = new Promise<never>((_, reject) => page.on('pageerror', reject));
    await serveFolder(page, folder, `<style>${css}</style>`);
    const query = new URLSearchParams({ theme, later: String(later), ...(only && { only: only.join() }) });
    const ready = page.goto(`${ORIGIN}/?${query}`).then(() => page.locator('html[data-ready]').waitFor());
    await Promise.race([ready, broken]);
    const boxes = await page.locator('[data-scene]').evaluateAll(boxesOf, ratio);
    const whole = decodePicture(await page.screenshot());
    for (const { id, y, height } of boxes)
      if (y + height > whole.height) throw new Error(`${id} lies below the picture.`);
    return new Map(boxes.map(({ id, ...box }) => [id, cropPicture(whole, box)]));
  } finally {
    await page.close();
  }
}

/** Runs in the page. */
function boxesOf(scenes: Element[], ratio: number): (Box & { id: string })[] {
  return scenes.map((scene) => {
    const { x, y, width, height } = scene.getBoundingClientRect();
    const [left, top] = [Math.round(x * ratio), Math.round(y * ratio)];
    const [right, bottom] = [Math.round((x + width) * ratio), Math.round((y + height) * ratio)];
    const id = (scene as HTMLElement).dataset.scene!;
    return { id, x: left, y: top, width: right - left, height: bottom - top };
  });
}
