import type { Place } from './panel.ts';

const overlap = (a: Place, b: Place): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/** The first panel that covers a part of one before it, and that one; null where none does. By their places in the list. */
export function findOverlap(places: readonly Place[]): { index: number; with: number } | null {
  for (const [index, place] of places.entries()) {
    const other = places.findIndex((one, i) => i < index && overlap(one, place));
    if (other >= 0) return { index, with: other };
  }
  return null;
}

/** The first row from its own on in which a place covers none of the others. */
export function freeRow(place: Place, others: readonly Place[]): number {
  let { y } = place;
  for (;;) {
    const taken = others.filter((other) => overlap(other, { ...place, y }));
    if (taken.length === 0) return y;
    y = Math.max(...taken.map((other) => other.y + other.h));
  }
}

/**
 * The same panels with none over another: in the order in which they are read, whichever would cover one before it goes down
 * to the first free row. What overlaps nothing stays where it is.
 */
export function separate<Placed extends { place: Place }>(panels: readonly Placed[]): Placed[] {
  const order = [...panels.entries()].sort(([, { place: a }], [, { place: b }]) => a.y - b.y || a.x - b.x);
  const rows = new Map<number, number>();
  const placed: Place[] = [];
  for (const [index, { place }] of order) {
    const y = freeRow(place, placed);
    placed.push({ ...place, y });
    rows.set(index, y);
  }
  return panels.map((panel, index) => {
    const y = rows.get(index)!;
    return y === panel.place.y ? panel : { ...panel, place: { ...panel.place, y } };
  });
}
