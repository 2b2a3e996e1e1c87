/**
 * Gives `target` the fields of reactive state to read: each is looked up when it is asked for, since a copy would hold
 * values, and none can be set.
 */
export function exposeState<Target extends object, State extends object>(
  target: Target,
  state: State,
): Target & Readonly<State> {
  for (const field of Object.keys(state) as (keyof State)[])
    Object.defineProperty(target, field, { get: () => state[field], enumerable: true });
  return target as Target & Readonly<State>;
}
