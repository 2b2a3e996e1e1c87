import { dimensionText, isTooLong, OTHER } from '#contracts/metric/dimension.ts';

/**
 * A group's dimension texts as one string that no other group of the same dimensions has: lengths in front, except for a
 * single dimension, whose text is its key. `groupKey` of the contracts would do, but costs each event 30 to 70 ns more:
 * with one dimension nothing is built here, and the text's hash is already known.
 */
export function cellKey(group: readonly string[]): string {
  if (group.length === 1) return group[0]!;
  let key = '';
  for (const text of group) key += `${text.length}:${text}`;
  return key;
}

/** Where the values of a metric's dimensions lie among those of an event, and how many characters each may have. */
export interface Dimensions {
  places: readonly number[];
  most: number;
}

/** The dimension texts of an event: those of `__other__` where one is too long, null where one is an object or array, which no metric counts. */
export function readGroup(values: readonly unknown[], { places, most }: Dimensions): string[] | null {
  const group: string[] = [];
  let long = false;
  for (const at of places) {
    const text = dimensionText(values[at]);
    if (text === undefined) return null;
    group.push(text);
    long ||= isTooLong(text, most);
  }
  return long ? otherGroup(group.length) : group;
}

/** Reads the keys of groups over one list of dimensions; metrics that share the list share it, so an event's key is made once. */
export interface GroupKeys {
  /** As `cellKey(readGroup(…))`; null where that is null. */
  of(values: readonly unknown[]): string | null;
}

export function createGroupKeys(dimensions: Dimensions): GroupKeys {
  let last: readonly unknown[] | null = null;
  let key: string | null = null;
  return {
    of(values) {
      if (values !== last) key = makeKey(values, dimensions);
      last = values;
      return key;
    },
  };
}

function makeKey(values: readonly unknown[], dimensions: Dimensions): string | null {
  const { places, most } = dimensions;
  // A single dimension is its own key, without a list around it.
  if (places.length === 1) {
    const text = dimensionText(values[places[0]!]) ?? null;
    return text !== null && isTooLong(text, most) ? OTHER : text;
  }
  const group = readGroup(values, dimensions);
  return group === null ? null : cellKey(group);
}

/** What a group becomes beyond the cap, or with a value that is too long: all dimensions at once. */
export const otherGroup = (dimensions: number): string[] => new Array<string>(dimensions).fill(OTHER);
