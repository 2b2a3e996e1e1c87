import { dimensionText, OTHER } from '#contracts/dimension.ts';

/** A group's dimension texts as one string that no other group has: lengths in front, except for a single dimension. */
export function keyOf(group: readonly string[]): string {
  if (group.length === 1) return group[0]!;
  let key = '';
  for (const text of group) key += `${text.length}:${text}`;
  return key;
}

/** The dimension texts of an event; null when one is an object or array, which no metric counts. */
export function readGroup(values: readonly unknown[], places: readonly number[]): string[] | null {
  const group: string[] = [];
  for (const at of places) {
    const text = dimensionText(values[at]);
    if (text === undefined) return null;
    group.push(text);
  }
  return group;
}

/** What a group becomes beyond the cap: all dimensions at once. */
export const otherGroup = (dimensions: number): string[] => new Array<string>(dimensions).fill(OTHER);
