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

/** Reads the keys of groups over one list of dimensions; metrics that share the list share it, so an event's key is made once. */
export interface GroupKeys {
  /** As `keyOf(readGroup(…))`; null where that is null. */
  of(values: readonly unknown[]): string | null;
}

export function createGroupKeys(places: readonly number[]): GroupKeys {
  let last: readonly unknown[] | null = null;
  let key: string | null = null;
  return {
    of(values) {
      if (values !== last) key = makeKey(values, places);
      last = values;
      return key;
    },
  };
}

function makeKey(values: readonly unknown[], places: readonly number[]): string | null {
  // A single dimension is its own key, without a list around it.
  if (places.length === 1) return dimensionText(values[places[0]!]) ?? null;
  const group = readGroup(values, places);
  return group === null ? null : keyOf(group);
}

/** What a group becomes beyond the cap: all dimensions at once. */
export const otherGroup = (dimensions: number): string[] => new Array<string>(dimensions).fill(OTHER);
