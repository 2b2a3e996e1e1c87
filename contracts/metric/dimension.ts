import { isRecord } from '../is-record.ts';
/** What an absent or null dimension reads as. */
export const MISSING = '__missing__';
/** The value of a dimension in groups beyond the cap, and in place of one that is too long (rule 6). */
export const OTHER = '__other__';

/**
 * The value at a dotted path. `cart.total` is the property of that literal name or the nested one; events
 * that hold both are refused before (code `ambiguous_path`), so the order of trial cannot matter.
 */
export function readPath(properties: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(properties, path)) return properties[path];
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const head = path.slice(0, dot);
    const inner = Object.hasOwn(properties, head) ? properties[head] : undefined;
    if (isRecord(inner)) {
      const found = readPath(inner, path.slice(dot + 1));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/**
 * The canonical text of a dimension value: strings as they are, numbers in JavaScript's shortest form (-0 as 0),
 * true and false; null and absent are `__missing__`. `undefined` for an object or array: the wrong type.
 */
export function dimensionText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'undefined':
      return MISSING;
    default:
      return value === null ? MISSING : undefined;
  }
}

/** Whether a dimension's value has more characters than a metric counts by. */
export const isTooLong = (text: string, most: number): boolean =>
  // A text never has more characters than UTF-16 units: only a long one needs counting.
  text.length > most && (text.length > most * 2 || Array.from(text).length > most);

/**
 * The level at which a group has its place: the number of its dimensions up to the last that is named. 0 for the group that is
 * `__other__` in all, which needs no place.
 */
export function levelOf(group: readonly string[]): number {
  let level = group.length;
  while (level > 0 && group[level - 1] === OTHER) level--;
  return level;
}

/** The group that keeps its first `level` dimensions, and is `__other__` in those behind. */
export const cutGroup = (group: readonly string[], level: number): string[] =>
  group.map((text, i) => (i < level ? text : OTHER));

/** The names under which a pane may count the events of a group, in the order in which it seeks a place (rule 6). */
export function namesSought(group: readonly string[]): string[][] {
  const names = [[...group]];
  for (let level = levelOf(group) - 1; level >= 0; level--) {
    const name = cutGroup(group, level);
    // A value that is `__other__` itself ends the level before.
    if (levelOf(name) === level) names.push(name);
  }
  return names;
}

/**
 * A group as one string: the JSON array of its dimension values, in the metric's declared order. Different groups have
 * different keys whatever metric they are of, and lists of groups are sorted by it. The fold has a quicker key of its
 * own (`cellKey`), since it makes one for each event.
 */
export const groupKey = (group: readonly string[]): string => JSON.stringify(group);
