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
  /** Why a caller who may read may not read this one, asked before anybody looks whether it exists; null where they may. */
  forbid(caller: Caller, id: string): Fault | null;
  /** What a body looks like, for /openapi.json. */
  schema: object;
  /** Reads a body into its canonical form; throws a MillraceError. */
  read(id: string, body: unknown): Record<string, unknown>;
  /** The version of `current` whose states a canonical body keeps; null where it starts a new one, or has none. */
  versionOf(body: Record<string, unknown>, current: Definition | undefined): number | null;
  /** Why a stored definition cannot be used as it is; null where it can. It is shown all the same, with this beside it. */
  fault(definition: Definition): Fault | null;
  /** Headers that say what the body does not: how far the definition has come to be served. */
  describe(definition: Definition): Promise<Record<string, string>>;
  /** The same for a list of all, as further members of the answer. */
  list(definitions: readonly Definition[]): Promise<Record<string, unknown>>;
}
