/** Characters of a dotted path: five names of the usual limit, one inside the other. */
export const MAX_PATH = 1_000;

/** Whether a definition may name this property: any text that an event's properties can have as a path, within bounds. */
export function isPropertyPath(value: unknown): value is string {
  // A character has at most two units, so a text beyond that needs no counting.
  if (typeof value !== 'string' || value === '' || value.length > 2 * MAX_PATH) return false;
  return value.length <= MAX_PATH || [...value].length <= MAX_PATH;
}
