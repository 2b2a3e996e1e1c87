import pixelmatch from 'pixelmatch';
import type { Picture } from './picture.ts';

/** The least difference of colour that counts, as a share of that between black and white. */
const THRESHOLD = 0.1;

/**
 * Up to so many differing pixels two pictures of a panel are the same. Pixels that smooth an edge do not count, so
 * that another build of Chromium may draw them otherwise: with other hinting, colour profiles, raster code and with
 * coloured edges of letters we counted 0. A word that moved by one pixel counts more than this.
 */
export const SAME = 24;

export interface Comparison {
  /** Pixels that differ; all of them where the sizes do. */
  different: number;
  /** The expected picture, faint, with the differences marked; null where the sizes differ. */
  marked: Picture | null;
}

/** Compares by eye, as it were: a pixel that only smooths an edge differently is none that differs. */
export function comparePictures(actual: Picture, expected: Picture): Comparison {
  const { width, height } = expected;
  if (actual.width !== width || actual.height !== height) return { different: width * height, marked: null };
  const data = Buffer.alloc(4 * width * height);
  const different = pixelmatch(expected.data, actual.data, data, width, height, {
    threshold: THRESHOLD,
    includeAA: false,
  });
  return { different, marked: { width, height, data } };
}
