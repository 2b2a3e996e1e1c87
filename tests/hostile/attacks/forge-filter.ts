/** A view, as far as its identity goes. */
export interface ForgedView {
  metric: string;
  where: { dimension: string; values: string[] }[];
  groupBy: string[];
  window: number;
  range: number;
}

/**
 * Values whose view has the same two 32-bit lanes as the given one, under FNV-1a over UTF-16 units: four units of the
 * value, from `at` on, are replaced so that the last ones cancel the difference that the first ones make in both lanes.
 * Meet in the middle: differences of two units forward and of two units backward, among those that change both lanes alike.
 */
export function forgeFilter(view: ForgedView, at: number, wanted: number): string[] {
  const text = JSON.stringify([view.metric, view.where, view.groupBy, view.window, view.range]);
  const value = view.where[0]!.values[0]!;
  const start = text.indexOf(JSON.stringify(value)) + 1;
  const forged: string[] = [];
  for (const units of meet(text, lanesOf(text), start + at)) {
    const made = value.slice(0, at) + String.fromCharCode(...units) + value.slice(at + 4);
    if (forged.push(made) >= wanted) break;
  }
  return forged;
}

const PRIME = 0x01000193;
/** The inverse of the prime modulo 2^32. */
const INVERSE = (() => {
  let inverse = 1;
  for (let i = 0; i < 6; i++) inverse = Math.imul(inverse, 2 - Math.imul(PRIME, inverse));
  return inverse;
})();

interface Lanes {
  a: Int32Array;
  b: Int32Array;
}

/** State of both lanes before each unit, and after the last. */
function lanesOf(text: string): Lanes {
  const a = new Int32Array(text.length + 1);
  const b = new Int32Array(text.length + 1);
  a[0] = 0x811c9dc5;
  b[0] = 0xcbf29ce4;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a[i + 1] = Math.imul(a[i]! ^ unit, PRIME);
    b[i + 1] = Math.imul(b[i]! ^ (unit + i), PRIME);
  }
  return { a, b };
}

const isPlain = (unit: number): boolean =>
  unit >= 0x20 && unit !== 0x22 && unit !== 0x5c && (unit < 0xd800 || unit > 0xdfff);

/** Units at `i` that change both states by the same, with that difference; both states already differ by `before`. */
function* forward(i: number, a: number, b: number, before: number, { a: A, b: B }: Lanes) {
  for (let unit = 0x20; unit < 0xfffe; unit++) {
    if (!isPlain(unit)) continue;
    const nextA = Math.imul(((a + before) | 0) ^ unit, PRIME);
    const difference = (nextA - A[i + 1]!) | 0;
    if (((Math.imul(((b + before) | 0) ^ (unit + i), PRIME) - B[i + 1]!) | 0) === difference)
      yield { unit, difference };
  }
}

/** Units at `i` after which both states differ by `after`, with the difference before them. */
function* backward(i: number, after: number, { a: A, b: B }: Lanes) {
  const a = Math.imul((A[i + 1]! + after) | 0, INVERSE);
  const b = Math.imul((B[i + 1]! + after) | 0, INVERSE);
  for (let unit = 0x20; unit < 0xfffe; unit++) {
    if (!isPlain(unit)) continue;
    const difference = ((a ^ unit) - A[i]!) | 0;
    if ((((b ^ (unit + i)) - B[i]!) | 0) === difference) yield { unit, difference };
  }
}

/** Four units from `at` on that leave both lanes as they were. */
function* meet(text: string, lanes: Lanes, at: number): Generator<number[]> {
  const ends = new Map<number, [number, number]>();
  for (const last of backward(at + 3, 0, lanes))
    for (const third of backward(at + 2, last.difference, lanes))
      ends.set(third.difference, [third.unit, last.unit]);
  for (const first of forward(at, lanes.a[at]!, lanes.b[at]!, 0, lanes)) {
    for (const second of forward(at + 1, lanes.a[at + 1]!, lanes.b[at + 1]!, first.difference, lanes)) {
      const end = ends.get(second.difference);
      const units = end && [first.unit, second.unit, ...end];
      if (units?.some((unit, i) => unit !== text.charCodeAt(at + i))) yield units;
    }
  }
}
