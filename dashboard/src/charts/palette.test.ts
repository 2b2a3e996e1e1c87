import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ALIKE } from './trace/choose-drawn.ts';

type Triple = [number, number, number];

/** What eyes with one kind of cones missing see, on linear sRGB (Machado, Oliveira, Fernandes, 2009). */
const EYES: Record<string, Triple[]> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const by = (matrix: readonly Triple[], [a, b, c]: Triple): Triple =>
  matrix.map(([x, y, z]) => x * a + y * b + z * c) as Triple;

/** OKLab to linear sRGB and back (Ottosson, 2020). */
function linearOf([l, a, b]: Triple): Triple {
  const cones = [
    l + 0.3963377774 * a + 0.2158037573 * b,
    l - 0.1055613458 * a - 0.0638541728 * b,
    l - 0.0894841775 * a - 1.291485548 * b,
  ].map((c) => c ** 3) as Triple;
  return by(
    [
      [4.0767416621, -3.3077115913, 0.2309699292],
      [-1.2684380046, 2.6097574011, -0.3413193965],
      [-0.0041960863, -0.7034186147, 1.707614701],
    ],
    cones,
  );
}
function labOf(linear: Triple): Triple {
  const cones = by(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    linear.map((c) => Math.max(0, c)) as Triple,
  ).map(Math.cbrt) as Triple;
  return by(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones,
  );
}

/** The eight colours of a theme as each kind of eyes sees them. */
function seen(theme: 'ink' | 'paper', eye: string): Triple[] {
  const css = readFileSync(new URL('../styles/tokens.css', import.meta.url), 'utf8');
  const block = css.split(`[data-theme="${theme}"] {`)[1]!;
  return Array.from({ length: 8 }, (_, i) => {
    const [, l, c, h] = new RegExp(`--s${i + 1}: oklch\\(([\\d.]+) ([\\d.]+) ([\\d.]+)\\)`).exec(block)!;
    const hue = (Number(h) * Math.PI) / 180;
    const linear = linearOf([Number(l), Number(c) * Math.cos(hue), Number(c) * Math.sin(hue)]);
    return labOf(by(EYES[eye]!, linear));
  });
}

const distances = (colors: Triple[]): [pair: [number, number], distance: number][] =>
  colors.flatMap((a, i) =>
    colors
      .slice(i + 1)
      .map((b, k): [[number, number], number] => [
        [i + 1, i + k + 2],
        Math.hypot(...a.map((x, j) => x - b[j]!)),
      ]),
  );

/** Distances in OKLab. */
const APART = 0.09;
const FAR = 0.1;

describe.each(['ink', 'paper'] as const)('the colours of series on %s', (theme) => {
  it.each(Object.keys(EYES))('can be told apart by eyes with %s', (eye) => {
    for (const [pair, distance] of distances(seen(theme, eye))) {
      const name = `${theme} ${eye} ${pair.join('-')}`;
      // Those that are not apart enough are kept apart in stacks.
      if (!ALIKE.some((one) => one.every((n) => pair.includes(n))))
        expect(distance, name).toBeGreaterThan(APART);
      if (Math.max(...pair) <= 4) expect(distance, name).toBeGreaterThan(FAR);
    }
  });
});
