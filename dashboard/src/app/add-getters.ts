/**
 * Adds a getter to `target` for each field of reactive state: a copy would hold the values of now. None can be set.
 */
export function addGetters<Target extends object, State extends object>(
  target: Target,
  state: State,
): Target & Readonly<State> {
  for (const field of Object.keys(state) as (keyof State)[])
    Object.defineProperty(target, field, { get: () => state[field], enumerable: true });
  return target as Target & Readonly<State>;
}
