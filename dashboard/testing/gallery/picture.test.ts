import { expect, it } from 'vitest';
import { comparePictures, cropPicture, decodePicture, encodePicture, type Picture } from './picture.ts';

/** Every shade of each channel once, in a row. */
function shades(): Picture {
  const data = Buffer.alloc(4 * 256 * 3, 255);
  for (let shade = 0; shade < 256; shade++)
    for (let channel = 0; channel < 3; channel++) data[4 * (channel * 256 + shade) + channel] = shade;
  return { width: 256, height: 3, data };
}

it('keeps every shade but for four steps at most, which are no difference', () => {
  const picture = shades();
  const kept = decodePicture(encodePicture(picture));
  const off = [...picture.data].map((value, i) => Math.abs(value - kept.data[i]!));
  expect(Math.max(...off)).toBeLessThanOrEqual(4);
  expect(comparePictures(kept, picture).different).toBe(0);
});

it('cuts out a part, and calls pictures of two sizes wholly different', () => {
  const part = cropPicture(shades(), { x: 10, y: 1, width: 3, height: 2 });
  expect([...part.data.subarray(0, 12)]).toEqual([255, 10, 255, 255, 255, 11, 255, 255, 255, 12, 255, 255]);
  expect(comparePictures(part, shades())).toEqual({ different: 768, marked: null });
});
