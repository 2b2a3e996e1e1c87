import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

/** Pixels as red, green, blue, alpha. */
export interface Picture {
  width: number;
  height: number;
  data: Buffer;
}

/** Device pixels. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Throws on bytes that are no PNG. */
export const decodePicture = (png: Buffer): Picture => PNG.sync.read(png);

/** Returns a small PNG in 32 shades a channel: a shade is off by four at most, which `comparePictures` does not count. */
export function encodePicture({ width, height, data }: Picture): Buffer {
  const png = new PNG({ width, height });
  for (let i = 0; i < data.length; i++)
    png.data[i] = i % 4 === 3 ? 255 : Math.min(255, 8 * Math.round(data[i]! / 8));
  // Opaque, and unfiltered: a page is even areas, which pack best as they are.
  return PNG.sync.write(png, { colorType: 2, filterType: 0, deflateLevel: 9, deflateStrategy: 0 });
}

/** The part of a picture; the box must lie within it. */
export function cropPicture(picture: Picture, { x, y, width, height }: Box): Picture {
  const data = Buffer.alloc(4 * width * height);
  for (let row = 0; row < height; row++) {
    const from = 4 * ((y + row) * picture.width + x);
    picture.data.copy(data, 4 * row * width, from, from + 4 * width);
  }
  return { width, height, data };
}

/** The least difference of colour that counts, as a share of that between black and white. */
const THRESHOLD = 0.1;

/**
 * With up to this many differing pixels two pictures of a panel are the same. Pixels that smooth an edge do not count,
 * since another build of Chromium may draw them differently: with other hinting, colour profiles, raster code and with
 * coloured edges of letters the count was 0. A word that moved by one pixel counts more than this.
 */
export const SAME = 24;

export interface Comparison {
  /** Pixels that differ; all of them where the sizes do. */
  different: number;
  /** The expected picture, faint, with the differences marked; null where the sizes differ. */
  marked: Picture | null;
}

/** Compares like an eye: a pixel that only smooths an edge differently does not count. */
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
