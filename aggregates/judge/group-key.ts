import { cutGroup, dimensionText, isTooLong, OTHER } from '#contracts/metric/dimension.ts';

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

/**
 * The dimension texts of an event, null where one is an object or array, which no metric counts. From the first that is too long on
 * they are `__other__`; with `whole`, in a pane without levels, all of them are then (rule 6).
 */
export function readGroup(
  values: readonly unknown[],
  dimensions: Dimensions,
  whole = false,
): string[] | null {
  const group = readTexts(values, dimensions);
  const long = group === null ? -1 : firstTooLong(group, dimensions.most);
  return group === null || long < 0 ? group : cutGroup(group, whole ? 0 : long);
}

function readTexts(values: readonly unknown[], { places }: Dimensions): string[] | null {
  const group: string[] = [];
  for (const at of places) {
    const text = dimensionText(values[at]);
    if (text === undefined) return null;
    group.push(text);
  }
  return group;
}

/** Place of the first text that is too long; -1 for none. */
function firstTooLong(group: readonly string[], most: number): number {
  for (let i = 0; i < group.length; i++) if (isTooLong(group[i]!, most)) return i;
  return -1;
}

/** Reads the keys of groups over one list of dimensions; metrics that share the list share it, so an event's key is made once. */
export interface GroupKeys {
  /** As `cellKey(readGroup(…))`; null where that is null. */
  of(values: readonly unknown[]): string | null;
  /** Whether a value of the event that was read last is too long. */
  readonly isCut: boolean;
}

export function createGroupKeys(dimensions: Dimensions): GroupKeys {
  const { places, most } = dimensions;
  let last: readonly unknown[] | null = null;
  let key: string | null = null;
  let isCut = false;
  const read = (values: readonly unknown[]): string | null => {
    // A single dimension is its own key, without a list around it.
    if (places.length === 1) {
      const text = dimensionText(values[places[0]!]) ?? null;
      isCut = text !== null && isTooLong(text, most);
      return isCut ? OTHER : text;
    }
    const group = readTexts(values, dimensions);
    const long = group === null ? -1 : firstTooLong(group, most);
    isCut = long >= 0;
    return group === null ? null : cellKey(isCut ? cutGroup(group, long) : group);
  };
  return {
    of(values) {
      if (values !== last) key = read(values);
      last = values;
      return key;
    },
    get isCut() {
      return isCut;
    },
  };
}

/** The group that takes what has no place at any level. */
export const otherGroup = (dimensions: number): string[] => new Array<string>(dimensions).fill(OTHER);
