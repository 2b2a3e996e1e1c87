import type { ErrorCode, Fault } from '#contracts/errors.ts';
import type { Definition } from '#contracts/log/definition-record.ts';
import type { Caller } from '#platform/access/caller.ts';

/** What differs between the kinds of definitions. */
export interface DefinitionKind {
  kind: 'metric' | 'board';
  /** `metrics`: the last part of the address, and the field of the list. */
  plural: string;
  unknown: ErrorCode;
  /** The codes with which `read` refuses, beside `invalid_definition`. */
  refusals: readonly ErrorCode[];
  /** Returns why a caller with read access may not read this one; null where it may. Called before it is known whether it exists. */
  forbid(caller: Caller, id: string): Fault | null;
  /** Returns why nobody may change or delete this one; null where who has the scope may. Such definitions are in no list. */
  protect(id: string): Fault | null;
  /** What a body looks like, for /openapi.json. */
  schema: object;
  /** Whether a body is judged by other definitions, so that all that was stored before is to be known. */
  needsOthers(body: unknown): boolean;
  /** Returns why a definition may not be deleted; null where it may. */
  checkRemoval(id: string): Fault | null;
  /** Reads a body into its canonical form; throws a MillraceError. */
  read(id: string, body: unknown): Record<string, unknown>;
  /** Returns the version of `current` whose states a canonical body keeps; null where it starts a new one, or has none. */
  versionOf(body: Record<string, unknown>, current: Definition | undefined): number | null;
  /** Returns why a stored definition cannot be used; null where it can. It is shown all the same, with this beside it. */
  fault(definition: Definition): Fault | null;
  /** Returns headers that say what the body does not: how far the definition has come to be served. */
  describe(definition: Definition): Promise<Record<string, string>>;
  /** Returns the same for a list of all, as further members of the answer. */
  list(definitions: readonly Definition[]): Promise<Record<string, unknown>>;
}

type FindFault = DefinitionKind['fault'];

/**
 * Checks each stored definition once. It was valid when it was put, so that only another version of Millrace, another producer
 * or a changed setting can have left one that is not.
 */
export function oncePerBody(find: FindFault): FindFault {
  const known = new WeakMap<Record<string, unknown>, Fault | null>();
  return (definition) => {
    const found = known.get(definition.body);
    if (found !== undefined) return found;
    const fault = find(definition);
    known.set(definition.body, fault);
    return fault;
  };
}
